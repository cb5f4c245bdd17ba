"""Write down who of a study may see what: the Access rows of its members."""

from __future__ import annotations

from cases.models import Access
from studies.models import Assignment, Membership, Study

SEE_ALL = (Membership.Role.LEAD, Membership.Role.ADJUDICATOR)


def reason_of(study: Study) -> str:
    """Return the reason that a study's rows carry."""
    return f"study {study.pk}"


def sync_access(study: Study) -> None:
    """Make the study's Access rows what they should be now.

    Leads and adjudicators see its cases with all segmentations. Whoever has readings of a blinded study to hand in is
    blind to every segmentation of its cases until they have, whatever else they are. Raters see nothing but their
    assignments: no row.
    """
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


def _blind(study: Study) -> set[tuple[int, int, str]]:
    """Return the (user, case, grant) of everybody who still reads this blinded study, for all of its cases."""
    if not study.blinded or study.state == Study.State.CLOSED:
        return set()
    readers = (
        Assignment.objects.filter(study=study)
        .unfinished()
        .exclude(rater__user__isnull=True)
        .values_list("rater__user_id", flat=True)
        .distinct()
    )
    cases = list(study.study_cases.values_list("case_id", flat=True))
    return {(user, case, Access.Grant.BLIND.value) for user in readers if user is not None for case in cases}
