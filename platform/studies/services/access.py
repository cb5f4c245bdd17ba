"""Write down who of a study may see what: the Access rows of its members."""

from __future__ import annotations

from django.db.models import F

from cases.models import Access
from studies.models import Assignment, Membership, Study

SEE_ALL = (Membership.Role.LEAD, Membership.Role.ADJUDICATOR)
INFORMED = (*SEE_ALL, Membership.Role.OBSERVER)
"""Who may see the results, once their own readings are in."""


def reason_of(study: Study) -> str:
    """Return the reason that a study's rows carry."""
    return f"study {study.pk}"


def sync_access(study: Study) -> None:
    """Make the study's Access rows what they should be now.

    Leads and adjudicators see its cases with all segmentations. Whoever has readings of a blinded study to hand in is
    blind to every segmentation of its cases until they have, whatever else they are; whoever reads it and may not see
    its results stays blind until it is closed, also to cases that they imported themselves. Raters see nothing but
    their assignments: no row.
    """
    hold(study)
    cases = list(study.study_cases.values_list("case_id", flat=True))
    users = study.memberships.current().filter(role__in=SEE_ALL).values_list("user_id", flat=True)
    whole = Access.Grant.CASE_AND_SEGMENTATIONS
    wanted = {(user, case, whole.value) for user in set(users) for case in cases}
    wanted |= _blind(study)
    rows = Access.objects.filter(reason=reason_of(study))
    present = {(row.user_id, row.case_id, row.grant): row.pk for row in rows}
    rows.filter(pk__in=[pk for key, pk in present.items() if key not in wanted]).delete()
    Access.objects.bulk_create(
        [
            Access(user_id=user, case_id=case, grant=grant, reason=reason_of(study))
            for user, case, grant in sorted(wanted - set(present))
        ],
        ignore_conflicts=True,
    )


def hold(study: Study) -> None:
    """Make other changes of who reads what in a study wait until this transaction ends, and read its state anew.

    Two that would look at the same time would each miss what the other changes. An UPDATE and no row lock: SQLite has
    none.
    """
    Study.objects.filter(pk=study.pk).update(state=F("state"))
    study.refresh_from_db(fields=["state"])


def _blind(study: Study) -> set[tuple[int, int, str]]:
    """Return the (user, case, grant) of everybody who must stay blind in this study, for all of its cases."""
    if not study.blinded or study.state == Study.State.CLOSED:
        return set()
    readings = Assignment.objects.filter(study=study, rater__user__isnull=False)
    readers = set(readings.unfinished().values_list("rater__user_id", flat=True))
    informed = study.memberships.current().filter(role__in=INFORMED).values_list("user_id", flat=True)
    readers |= set(readings.values_list("rater__user_id", flat=True)) - set(informed)
    cases = list(study.study_cases.values_list("case_id", flat=True))
    return {(user, case, Access.Grant.BLIND.value) for user in readers if user is not None for case in cases}
