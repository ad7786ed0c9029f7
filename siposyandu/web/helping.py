"""Help for every page a kader sees, in three sentences: what it is for, what to do, what to do when it goes wrong.

A new page gets its line in `ALL`; tests/test_helping.py names those that have none yet. A print of a page is not a page.
"""

from typing import NamedTuple

from siposyandu.i18n import N_


class Help(NamedTuple):
    """One page: its endpoint, its title, and its three sentences."""

    endpoint: str
    title: str
    purpose: str
    act: str
    trouble: str

    @property
    def sentences(self) -> tuple[str, str, str]:
        """The three sentences in the order in which they are read."""
        return self.purpose, self.act, self.trouble


def of(endpoint: str | None) -> Help | None:
    """Return the help of a page; None where there is none."""
    return BY_ENDPOINT.get(endpoint or "")


MORNING = (
    Help("morning.ask", N_("Open the laptop"),
         N_("Here the laptop is opened in the morning, so that nobody else can read the children's records."),
         N_("Type the laptop's passphrase word by word and press Open."),
         N_("If it is forgotten, touch “Forgotten the passphrase?” and bring both recovery papers together.")),
    Help("recovery.ask", N_("The passphrase is forgotten"),
         N_("Here two recovery papers open a laptop whose passphrase nobody knows any more."),
         N_("Type the seven groups of letters from both papers, then choose a new passphrase."),
         N_("If a paper is missing, call the puskesmas; the records stay locked and are not lost.")),
    Help("login.choose", N_("Who is at work?"),
         N_("Here you say who is working, so that each record carries the right name."),
         N_("Touch your own name, never that of a colleague."),
         N_("If your name is missing, ask the puskesmas to add you.")),
    Help("login.ask_pin", N_("PIN"),
         N_("The PIN shows that it is really you."),
         N_("Type your six digits."),
         N_("If you have forgotten it, touch “Forgotten the PIN?” or ask the bidan for a new one.")),
    Help("login.ask_new_pin", N_("Set a PIN"),
         N_("Here you choose the PIN that you will use on this laptop."),
         N_("Type the code from the puskesmas' paper, then six digits twice."),
         N_("If the code is refused, its time is over: ask the puskesmas for a new paper or the bidan for a PIN.")),
    Help("practising.show", N_("Practice posyandu"),
         N_("Here is the way to a posyandu of ghost children, where everything may be tried out."),
         N_("Press “Go and practise”, touch a ghost kader's name, and type the PIN at the top of the page."),
         N_("If everything there is in a muddle, come back here and press “Begin practice anew”.")),
)  # fmt: skip

DAY = (
    Help("open_day.ask_day", N_("Open the posyandu day"),
         N_("Here you confirm the date that all weighings of today will carry, and who is present."),
         N_("Look at the calendar on the wall, tick who is there, and press Enter."),
         N_("If you chose a wrong date, open this page again and change it; weighings already saved are corrected one by one.")),
    Help("open_day.ask_who", N_("Who is present"),
         N_("Here you write where the posyandu is held today and who is present; the minutes take it from here."),
         N_("Tick the names, and write those of people without a name on the list."),
         N_("If somebody comes later, open this page again and tick her too.")),
    Help("today.today", N_("The list of the day"),
         N_("This is the list of all children expected today, who has come and who has not."),
         N_("Type a part of the name and press Enter to weigh the child; a new child is registered with the button above."),
         N_("If a child is not on the list, look under “Find”, for it may belong to another posyandu.")),
    Help("prepare.prepare", N_("Before the posyandu day"),
         N_("Here you see before the day who is expected and what each child needs, such as vitamin A or a vaccine."),
         N_("Print the list for each dusun, or copy the message for WhatsApp."),
         N_("If the date is wrong, choose another one at the top.")),
    Help("afterwards.afterwards", N_("After the posyandu day"),
         N_("Here you see the result of the day and who did not come."),
         N_("Check that the figures agree, then visit or call the families on the list."),
         N_("If a figure does not agree, the line says where to look.")),
    Help("grid.show", N_("Type from the book"),
         N_("Here a paper book is typed afterwards, one row for each child; every cell is kept as soon as you leave it."),
         N_("Choose the day that stands in the book, type with Tab and Enter or paste from Excel, then save the good rows."),
         N_("If a cell is marked, the line below names row and column; mend it and save again, the other rows are safe.")),
    Help("search.search", N_("Find a person"),
         N_("Here you find a child also when only a part of its name is known."),
         N_("Type the name of the child or of the mother, the NIK, or the code on the KMS sticker."),
         N_("If nothing is found, type fewer letters, or register the child.")),
    Help("register.ask", N_("Register a child"),
         N_("Here a child is written into the register for the first time."),
         N_("Copy name, birth date and NIK from the family card or the KIA book, and press the button below."),
         N_("If a similar child is shown, look whether it is the same one before you register it twice.")),
    Help("weigh.ask", N_("Weigh and measure"),
         N_("Here you write down what the scale, the length board and the tape show."),
         N_("Type the figures as you read them, say lying or standing, and press Save."),
         N_("If the laptop asks you to measure again, do so: one figure does not fit this child.")),
    Help("answer.show", N_("The answer after weighing"),
         N_("This page says at once how the child grows and what you can say to the mother."),
         N_("Read her the sentence in the box, show her the KMS, then go on with “Next child”."),
         N_("If a figure was typed wrongly, touch “Correct”.")),
)  # fmt: skip

CHILD = (
    Help("child.show", N_("Child's page"),
         N_("Here you see everything about one child: its card, its visits and its KMS."),
         N_("Touch a visit to look at it, or use the buttons above to weigh, correct or print."),
         N_("If something on the card is wrong, touch “Correct the card”; what stood there before is kept.")),
    Help("child.paper", N_("The child's sheet on paper"),
         N_("This is the sheet of one child for the KIA book or for a referral."),
         N_("Press Print and choose paper of size A4 or A5."),
         N_("If the printer does not work, write the last figures into the KIA book by hand.")),
    Help("growth_charts.show", N_("Growth charts"),
         N_("Here the child's weight, length and head are drawn on the WHO lines."),
         N_("Choose a chart above and look whether the child's line goes up along the coloured lines."),
         N_("If a point lies far from all others, open that visit and see whether a figure was mistyped.")),
    Help("growth_charts.paper", N_("Growth charts on paper"),
         N_("These are the child's charts for paper."),
         N_("Press Print."),
         N_("If a chart is missing, there is no measurement for it yet.")),
    Help("correct.ask", N_("Correct a visit"),
         N_("Here you put right what was typed wrongly at a visit."),
         N_("Change only the wrong figure, write why, and save."),
         N_("If you are not sure, leave it and ask a colleague; the old figure is always kept.")),
    Help("identity.ask", N_("Correct the card"),
         N_("Here you put right a child's name, birth date, NIK or parents."),
         N_("Copy from the family card or the KIA book, then save."),
         N_("If another child has the same NIK, compare both family cards first.")),
    Help("home_visit.ask", N_("Home visit"),
         N_("Here you write in half a minute what a visit to a child's home showed."),
         N_("Choose whom you found, tick what you saw, and press Save."),
         N_("If there is a danger sign, go along to the puskesmas today and write afterwards.")),
    Help("home_visit.ask_again", N_("Correct a home visit"),
         N_("Here you put right what was ticked wrongly at a home visit."),
         N_("Change only what is wrong, write why, and save."),
         N_("If the visit was another child's, withdraw it at the bottom of the page.")),
    Help("home_visit.paper", N_("List for home visits"),
         N_("This is the sheet to take along: who was not weighed, by dusun, with boxes to tick."),
         N_("Print it, tick at each door, and type it in afterwards."),
         N_("If there is no printer, open the list on a phone.")),
    Help("referral.listed", N_("Referrals"),
         N_("Here stand the children who were sent to the pustu, puskesmas or hospital and are not back yet."),
         N_("Ask the family, then touch “How did it go?”."),
         N_("If they have not gone yet, choose “not yet”, and visit them at home.")),
    Help("referral.ask", N_("Back from a referral"),
         N_("Here you write whether the family went and what the posyandu is to do now."),
         N_("Copy the lower part of the letter that came back, then save."),
         N_("If the letter is lost, write what the family tells you.")),
    Help("referral.ask_again", N_("Correct what was heard"),
         N_("Here you put right what was written about a referral."),
         N_("Change only what is wrong, write why, and save."),
         N_("If it was another child's, withdraw it at the bottom: the referral is open again.")),
    Help("referral.letter", N_("Referral letter"),
         N_("This is the letter that the family takes along."),
         N_("Print it on A5 paper, sign it, and ask the family to bring the lower part back."),
         N_("If the printer does not work, copy it into the KIA book by hand.")),
    Help("identity.ask_where", N_("Moved or died"),
         N_("Here you write that a child has moved, died or comes no more."),
         N_("Choose what has happened and the day."),
         N_("If it was a mistake, open this page again and say that the child comes to this posyandu.")),
)  # fmt: skip

FIGURES = (
    Help("skdn.skdn", N_("SKDN of the month"),
         N_("Here S, K, D and N of the month are counted by themselves from your weighings."),
         N_("Look whether the figures agree, then print the page for the desa or the puskesmas."),
         N_("If a figure looks wrong, look first for children who were not weighed or are listed twice.")),
    Help("excel.excel", N_("Excel"),
         N_("Here every list can be taken out as an Excel file, and two of them may come back with what you changed."),
         N_("Choose the month and press Excel; change the white columns, save the file, and bring it back here."),
         N_("If a row cannot be taken, the page says which column and why, and the other rows are taken all the same.")),
    Help("to_look_at.show", N_("To look at"),
         N_("Here stands what waits for a person's decision."),
         N_("Touch a line and follow what it asks."),
         N_("If you do not know what is right, leave it for the bidan; nothing is lost by waiting.")),
    Help("differences.listed", N_("Differences"),
         N_("Here stand values that two people wrote differently."),
         N_("Touch a line, compare with the KIA book, and choose the right value."),
         N_("If both are wrong, type the right value there.")),
    Help("differences.show", N_("One difference"),
         N_("Here you see what each person wrote and when."),
         N_("Choose the right value, or type another one."),
         N_("If you chose wrongly, the other value is kept and can be chosen later.")),
    Help("twins.listed", N_("Twice"),
         N_("Here stand children who seem to be registered or weighed twice."),
         N_("Open both and compare name, mother and birth date."),
         N_("If they are two different children, leave both as they are.")),
    Help("waiting.listed", N_("Waiting records"),
         N_("Here stand records that arrived before the child they belong to."),
         N_("You need not do anything; they find their place by themselves."),
         N_("If one waits for weeks, tell the puskesmas.")),
)  # fmt: skip

PAPER = (
    Help("printing.printing", N_("Print"),
         N_("Here stands everything of the posyandu that can be printed."),
         N_("Touch a sheet, look at it on the screen, and press Print."),
         N_("If the printer does not work, the same page can be saved as a file and printed at the desa.")),
    Help("sip_sheets.show", N_("SIP books and reports"),
         N_("Here a book of the SIP is filled from what was written at the visits."),
         N_("Choose the year or the month, press Print, and write the empty boxes by hand."),
         N_("If a figure is missing, somebody was not weighed or not asked: look at the child's page.")),
    Help("entry_sheets.lines", N_("Entry sheet"),
         N_("This is the sheet to write on at the scales when the laptop is not there."),
         N_("Choose the day and the order, press Print, and type the sheet in afterwards line by line."),
         N_("If a child is not on it, write it on an empty line and register it later.")),
    Help("entry_sheets.card", N_("Card of a new child"),
         N_("This is an empty card for one new child, in the order of the five langkah."),
         N_("Press Print, let each langkah fill in its part, and type the card in afterwards."),
         N_("If something is not known, leave it empty; it can be written later.")),
    Help("stickers.stickers", N_("Stickers for the KMS"),
         N_("A sticker on the KMS lets a scanner find the child at once, and its code can be typed too."),
         N_("Choose the label sheet you bought, say which label is the first one left, and press Print."),
         N_("If the print lies beside the labels, switch off margins and fitting in the print window.")),
)  # fmt: skip

LAPTOP = (
    Help("laptop.state", N_("Sending to the province"),
         N_("Here you see how many records the province has received and how many wait on this laptop."),
         N_("Press “Send now” when there is a signal, and go on working meanwhile."),
         N_("If there is no signal for a long time, all records stay safe here; a flash disk can carry them too.")),
    Help("hotspot.show", N_("Phones help"),
         N_("Here the phones of colleagues are let in, so that several kader work at the same time."),
         N_("Turn on the laptop's hotspot, open the door, and let each phone scan the picture."),
         N_("If a phone cannot come in, look whether it is on the laptop's hotspot, then type the address by hand.")),
    Help("join_phone.ask", N_("Help with this phone"),
         N_("Here your phone is let in to the laptop."),
         N_("Type the six digits that stand on the laptop's screen."),
         N_("If they are refused, look again at the screen, for the code may have been changed.")),
    Help("titipan.show", N_("Carried by file"),
         N_("Here records travel by flash disk, memory card or WhatsApp when there is no signal."),
         N_("Make the file and give it to the puskesmas, or take in the file that came back."),
         N_("If a file is refused, nothing was changed: ask for it once more.")),
    Help("colleagues.everybody", N_("PINs on this laptop"),
         N_("Here you see which colleagues already have a PIN on this laptop."),
         N_("Touch a name to help a colleague to her first PIN."),
         N_("If she has forgotten it, the bidan or the nutrition officer renews it.")),
    Help("colleagues.ask", N_("A colleague's PIN"),
         N_("Here a colleague gets a PIN while you vouch that it is she."),
         N_("Let her type six digits twice herself, and look away."),
         N_("If the two are not the same, she types both again.")),
    Help("copies.show", N_("Copies"),
         N_("Here you see where copies of the records lie, in case the laptop is lost."),
         N_("Put a flash disk in once a week and press the button until it says that the copy is there."),
         N_("If a line is red, follow the sentence beside it.")),
    Help("passphrase.ask", N_("Change the passphrase"),
         N_("Here the laptop's passphrase is changed, for example when somebody has left."),
         N_("Type the present one, then choose a new one and tell it only to those who open the laptop."),
         N_("If the present one is refused, nothing was changed; try it slowly once more.")),
    Help("passphrase.ask_for_papers", N_("New recovery papers"),
         N_("Here two new papers are made that together open the laptop when the passphrase is forgotten."),
         N_("Print both and give them to two different people."),
         N_("If a paper was lost, make new ones: the old ones open nothing any more.")),
)  # fmt: skip

SETTING_UP = (
    Help("first_passphrase.ask", N_("A passphrase for this laptop"),
         N_("Here a new laptop gets the words that will open it every morning."),
         N_("Choose words that you can remember, and write down both recovery papers."),
         N_("If the words are too easy, the page says so and proposes others.")),
    Help("join.ask", N_("Set up this laptop"),
         N_("Here a new laptop becomes that of your posyandu."),
         N_("Type the address and the code that stand on the letter from the puskesmas."),
         N_("If it fails, look at the signal and try again, or join by a file.")),
    Help("join_by_file.show", N_("Set up without a signal"),
         N_("Here a new laptop becomes that of your posyandu without a signal."),
         N_("Bring the first file to the puskesmas and take in the answer that you get there."),
         N_("If the answer is refused, begin again with step one.")),
    Help("put_back.ask", N_("Put a copy back"),
         N_("Here the records of a lost or broken laptop come back from a copy."),
         N_("Put the flash disk in, choose the newest copy, and type the passphrase of the old laptop."),
         N_("If no copy is shown, try another flash disk or call the puskesmas.")),
    Help("put_back.done", N_("The records are back"),
         N_("This page says what came back and what could be missing."),
         N_("Type again the last weighings that are named here."),
         N_("If you are not sure, compare with the paper book.")),
    Help("damaged.show", N_("The laptop's data are damaged"),
         N_("The laptop noticed that its data cannot be trusted, and stopped before it was too late."),
         N_("Put the newest copy back, or call the puskesmas."),
         N_("Do not switch off or delete anything meanwhile; write on paper until it is mended.")),
)  # fmt: skip

ALL: tuple[Help, ...] = (*MORNING, *DAY, *CHILD, *FIGURES, *PAPER, *LAPTOP, *SETTING_UP)

GROUPS: tuple[tuple[str, tuple[Help, ...]], ...] = (
    (N_("Begin"), MORNING),
    (N_("The posyandu day"), DAY),
    (N_("One child"), CHILD),
    (N_("Figures and questions"), FIGURES),
    (N_("On paper"), PAPER),
    (N_("The laptop itself"), LAPTOP),
    (N_("Set up and mend"), SETTING_UP),
)
"""The booklet's chapters."""

BY_ENDPOINT = {each.endpoint: each for each in ALL}
