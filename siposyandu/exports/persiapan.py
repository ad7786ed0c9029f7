"""Who is expected on the coming posyandu day, and what to look out for: vaccines, vitamin A, who was away."""

from siposyandu.exports.columns import Export
from siposyandu.exports.sweeping import of_expected
from siposyandu.i18n import N_

EXPORT = Export(
    "persiapan",
    N_("List for the coming day"),
    (
        N_("Children who are expected on the day named above and were not weighed in its month yet."),
        N_(
            "Vaccines by age and by what is written here. The health worker looks in the KIA book and decides."
        ),
    ),
    of_expected(N_("What to look out for")),
)
