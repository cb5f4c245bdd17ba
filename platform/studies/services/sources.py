"""Studies whose raters are shown the masks of two sources of the same cases, blinded: manual against model (TL5)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Segmentation
from core.errors import DomainError
from people.models import Rater, User
from studies.models import Arm, Study

NO_FIRST = "A second source needs a first one: choose the mask that the raters start from."
THE_SAME = "The second source is the one that the raters start from: choose another."
TOLD_APART = (
    "Two sources are told apart by the model's probability and by the outline of the previous exam: leave both off."
)
OWN_MASKS = "{name} reads in this study, and nobody is shown their own masks: choose another source."
LACKING = (
    "{lacking} of the study's cases have no mask by {name} in the label scheme “{scheme}” on the image that is drawn "
    "on. Import them, take these cases out, or choose another source."
)


def second_sources(user: User) -> QuerySet[Rater]:
    """Return whose masks a lead may show beside the start rater's: models, and people whose imports the lead sees."""
    seen = Segmentation.objects.visible_to(user).filter(rater=OuterRef("pk"), source=Segmentation.Source.IMPORT)
    return Rater.objects.filter(Q(kind=Rater.Kind.MODEL) | Exists(seen)).order_by("name", "pk")


def show_second_source(study: Study, rater: Rater | None) -> None:
    """Let a draft study's raters be shown this rater's masks too, or nobody's. Raises DomainError saying why not."""
    if rater is None:
        study.arms.filter(key=Arm.SECOND).delete()
        return
    if study.start_rater_id is None:
        raise DomainError(NO_FIRST)
    if study.start_rater_id == rater.pk:
        raise DomainError(THE_SAME)
    if study.shows_probability or study.outlines_previous:
        raise DomainError(TOLD_APART)
    Arm.objects.update_or_create(
        study=study, key=Arm.SECOND, defaults={"name": "With the second source's mask", "start_rater": rater}
    )


def check_second_source(study: Study) -> None:
    """Raise DomainError unless every case has the mask that the second source is to show, by nobody who reads it.

    The masks must be there already: a reading that waits for one would never become workable.
    """
    rater = study.second_rater
    if rater is None:
        return
    if study.memberships.current().raters().filter(rater=rater).exists():
        raise DomainError(OWN_MASKS.format(name=rater.name))
    masks = Segmentation.objects.filter(
        case=OuterRef("case"), rater=rater, scheme=study.scheme_id, series=OuterRef("case__reference")
    ).exclude(source=Segmentation.Source.SUBMISSION)
    lacking = study.study_cases.exclude(Exists(masks)).count()
    if lacking:
        raise DomainError(LACKING.format(lacking=lacking, name=rater.name, scheme=study.scheme.name))
