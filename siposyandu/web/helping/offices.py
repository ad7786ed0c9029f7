"""Help for the pages of puskesmas, kabupaten and province: the numbers of an area, what is to be decided, and what is kept."""

from siposyandu.i18n import N_
from siposyandu.web.helping.three import Help

AREA = (
    Help("province.area", N_("The numbers of an area"),
         N_("Here you see one number of an area over a year, with its coverage beside it."),
         N_("Choose month and number, go down to the smaller areas in the table, and take it out as Excel."),
         N_("If a number looks wrong, look first how many children were weighed and which posyandu have not reported.")),
    Help("doubtful_dates.listed", N_("Doubtful days"),
         N_("Here stand days that a laptop probably wrote with a wrong clock; their visits do not count yet."),
         N_("Open a day, beginning with the one that has the most visits, and settle it."),
         N_("If nobody knows which day it was, leave it: the visits stay kept.")),
    Help("doubtful_dates.show", N_("One doubtful day"),
         N_("Here you see all visits that one laptop wrote under one doubtful day."),
         N_("Ask the posyandu or look into its paper book, then give the right day or confirm this one, with your reason."),
         N_("If only one child's visit is wrong, correct it on the child's page instead.")),
)  # fmt: skip

DOOR = (
    Help("login.choose", N_("Sign in"),
         N_("Here health workers and offices come in, and each sees only her own area."),
         N_("Type your user name and your password, then press Enter."),
         N_("If the password is forgotten, ask whoever gave it to you for a new one.")),
    Help("to_look_at.show", N_("To look at"),
         N_("Here stands what in your area waits for a person's decision, kind by kind."),
         N_("Touch a line and follow what it asks."),
         N_("If only the posyandu can know, call its kader first; nothing is lost by waiting.")),
)  # fmt: skip

KEEPING = (
    Help("keep.overview", N_("Places and people"),
         N_("Here puskesmas, posyandu, workers and laptops of your area are kept."),
         N_("Touch a list to look into it, to add, or to change."),
         N_("If something is missing here, it lies outside your area or your role: ask the office above you.")),
    Help("keep.listed", N_("A list of places or people"),
         N_("Here stand all puskesmas, posyandu or workers of your area, also those not in use."),
         N_("Find one by name, code or place and touch it, or add a new one with the button above."),
         N_("If there are many changes, take the list out as Excel and bring the file back in.")),
    Help("keep_edit.ask", N_("A place or a person"),
         N_("Here a puskesmas, a posyandu or a worker is changed, and codes and passwords are made."),
         N_("Change what is wrong and press Save; the laptops get it with their next sending."),
         N_("If somebody leaves or a posyandu closes, mark it as not in use: nothing is deleted.")),
    Help("keep_edit.ask_new", N_("A new place or person"),
         N_("Here a new puskesmas, posyandu or worker is written in."),
         N_("Fill in the fields, press Save, and make the code or the password on the next page."),
         N_("If you do not know whether it exists already, look into the list first, by name and by code.")),
    Help("keep_import.ask", N_("Bring in a list"),
         N_("Here a whole list comes in at once from an Excel or CSV file."),
         N_("Choose the file and press “Check the file”: nothing is written before you press “Take”."),
         N_("If rows have a fault, the page says why; mend them in the file and bring it in again.")),
)  # fmt: skip

LAPTOPS = (
    Help("keep_laptops.listed", N_("Laptops"),
         N_("Here you see each laptop of your area, when it was last heard and how many of its records have come."),
         N_("Begin at the top, with those not heard for longest, and call their posyandu."),
         N_("If a laptop has no signal, let its records be carried by file.")),
    Help("keep_laptops.show", N_("One laptop"),
         N_("Here you see how one laptop does, what was decided about it, and which copies of it are kept."),
         N_("If it is broken, press “Replace the laptop” and send the letter with the code to the posyandu."),
         N_("If it is stolen, shut it out at once; that cannot be taken back.")),
    Help("laptop_news.listed", N_("News of laptops"),
         N_("Here stands what the program noticed at the laptops and settled by itself."),
         N_("Read each piece of news, call the posyandu if need be, and press “Seen”."),
         N_("If the same news of one laptop comes again and again, have that laptop looked at.")),
    Help("envelopes.listed", N_("Quarantine"),
         N_("Here stands what laptops sent after they were shut out; none of it counts yet."),
         N_("Open a line and look at what is in it before you decide."),
         N_("If you are not sure, leave it here and ask the kader who worked with that laptop.")),
    Help("envelopes.show", N_("One envelope in quarantine"),
         N_("Here you see the records that came in one envelope from a laptop that was shut out."),
         N_("Take it in if the kader wrote it herself, or put it aside with your reason."),
         N_("If it cannot be read, give the word on the page to an engineer.")),
    Help("titipan.show", N_("Carried by file"),
         N_("Here records come by flash disk, memory card or WhatsApp from laptops without a signal."),
         N_("Take in the files that were brought, then make the file with the answers for the laptops."),
         N_("If a file is refused, nothing was changed: ask for it once more; taking one twice does no harm.")),
)  # fmt: skip
