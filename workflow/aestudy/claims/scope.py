"""What the verdicts of a study are about: the published reports, or the study itself."""

from collections.abc import Collection


def scope(judged: Collection[str], reports: Collection[str]) -> str:
    """What the verdicts on claims of the reports `judged` are about, where that is none of the published `reports`.

    Empty where it is, and where there are no claims.
    """
    if not judged or not set(judged).isdisjoint(reports):
        return ""
    return "These are the study's own claims. Verdicts on the published reports need `make study`."
