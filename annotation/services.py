"""What a rater does with an assignment: open it, save drafts, hand it in with a score, report a problem."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from annotation.models import Draft, ProblemReport
from annotation.notes import Effort, Notes, believable, believable_effort
from annotation.working_time import add_time
from audit.services import record
from cases import schemes
from cases.models import Segmentation
from cases.services import KeptLayers, add_segmentation, keep_layers
from core import storage
from core.errors import Conflict, DomainError
from imaging.payload import Layers, PayloadError, decode_layers, encode_layers
from jobs.services import enqueue
from people.models import User
from studies import rubrics
from studies.models import Assignment, Comment, Rating, Study
from studies.services.access import sync_access

State = Assignment.State
MAX_BRANCHES = 100


def base_token(assignment: Assignment) -> str:
    """Return what stands for the start mask's hash: equal masks of two assignments have unequal tokens."""
    start = assignment.start.sha256 if assignment.start is not None else "empty"
    return salted_hmac("overread.assignment.base", f"{assignment.pk}:{start}", algorithm="sha256").hexdigest()


def start_payload(assignment: Assignment) -> bytes:
    """Return the label payload that the rater starts from."""
    if assignment.start is not None:
        return storage.read(assignment.start.content_id)
    return encode_layers(_empty_layers(assignment))


def start_layers(assignment: Assignment) -> Layers:
    """Return the label maps (layer, x, y, z) that the rater starts from."""
    return _decode(assignment, start_payload(assignment))


def open_assignment(*, assignment: Assignment) -> bool:
    """Note that the rater has begun; tell whether it can be worked on. Opening again changes nothing."""
    _refuse_not_running(assignment)
    begun = Assignment.objects.workable().filter(pk=assignment.pk)
    return bool(
        begun.update(
            state=State.OPEN,
            opened_at=Coalesce("opened_at", timezone.now()),
            start_shown=assignment.start_id is not None,
        )
    )


def save_draft(
    *,
    assignment: Assignment,
    payload: bytes,
    base: str,
    sequence: int,
    notes: Notes | None = None,
    branch: Draft.Origin | None = None,
    save_key: str = "",
) -> Draft:
    """Keep the work as it stands; `sequence` is the save that the caller last saw, 0 when none.

    `branch` says why it is kept beside the trunk and not as its next save: that is possible after the case was handed
    in, too, and changes nothing of what was handed in. Raises Conflict, with the sequence and the key of the save that
    is there, when somebody saved in between; the caller may then keep theirs as a branch. Raises DomainError when the
    payload does not fit the grid and the scheme, or the start mask has changed.
    """
    _refuse_not_running(assignment)
    if branch is None or assignment.state == State.WAITING:
        _refuse_finished(assignment)
    if not constant_time_compare(base, base_token(assignment)):
        raise Conflict(
            "The start mask has changed since this page was loaded. Load the page again.", code="start_changed"
        )
    layers = _decode(assignment, payload)
    schemes.check_values(assignment.study.scheme.definition, layers)
    kept = believable(assignment, notes or Notes()).stored()
    volumes = _label_volumes(assignment, layers) if branch else None
    stored = storage.keep(payload)
    with transaction.atomic():
        opened = open_assignment(assignment=assignment)  # from here on a submission waits for this save
        if branch is None and not opened:
            raise _handed_in()
        draft = Draft(
            assignment=assignment,
            sequence=sequence,
            content=stored,
            notes=kept,
            volumes_ml=volumes,
            save_key=save_key,
        )
        return _add_branch(draft, branch) if branch else _advance_trunk(draft)


def _label_volumes(assignment: Assignment, layers: Layers) -> dict[str, float]:
    definition, grid = assignment.study.scheme.definition, assignment.series.grid.canonical()
    volumes = schemes.volumes_ml(definition, layers, grid)
    return {label["key"]: volumes[label["key"]] for label in definition["labels"]}


def _add_branch(draft: Draft, origin: Draft.Origin) -> Draft:
    branches = Draft.objects.branches().filter(assignment=draft.assignment)
    same = branches.filter(content=draft.content, notes__comments=draft.notes["comments"]).first()
    if same is not None:
        return same
    if branches.count() >= MAX_BRANCHES:
        raise DomainError(f"{MAX_BRANCHES} versions are kept beside the main one, and no more.")
    draft.sequence, draft.branch, draft.origin = max(1, draft.sequence), True, origin
    draft.save()
    return draft


def _advance_trunk(draft: Draft) -> Draft:
    """Replace the trunk if it is still the one that the caller saw: the UPDATE's WHERE clause is the check."""
    assignment, sequence = draft.assignment, draft.sequence
    trunk = Draft.objects.trunk().filter(assignment=assignment)
    seen = trunk.filter(sequence=sequence).first()
    fields = {
        "sequence": sequence + 1,
        "content_id": draft.content_id,
        "notes": draft.notes,
        "save_key": draft.save_key,
        "saved_at": timezone.now(),
    }
    if sequence == 0:
        try:
            with transaction.atomic():
                made = Draft.objects.create(assignment=assignment, **fields)
                return _timed(made, before=None)
        except IntegrityError:
            pass
    elif trunk.filter(sequence=sequence).update(**fields):
        return _timed(trunk.get(), before=seen)
    now = trunk.first()
    raise Conflict(
        "This case was saved from another window or machine in between.",
        sequence=now.sequence if now is not None else 0,
        saved_at=now.saved_at.isoformat() if now is not None else None,
        save_key=now.save_key if now is not None else "",
    )


def _timed(draft: Draft, *, before: Draft | None) -> Draft:
    add_time(draft.assignment, active_seconds=draft.notes.get("active_seconds", 0), before=before)
    return draft


def submit(
    *, assignment: Assignment, by: User, sequence: int, answers: dict[str, Any] | None, effort: Effort
) -> Segmentation:
    """Hand in the draft of this sequence (0: the start mask as it is) with its comments and the answers to the rubric.

    Makes an immutable segmentation whose parent is the start mask, or the version that was returned. Raises Conflict
    when it was handed in before, by a double click or in another window, or when the draft is not the one that the
    caller saw; DomainError when an answer is missing. Then nothing is kept and the draft stays where it is.
    """
    _refuse_finished(assignment)
    _check_answers(assignment, answers)
    spent = believable_effort(assignment, effort)
    kept = keep_layers(
        series=assignment.series, scheme=assignment.study.scheme, layers=_draft_layers(assignment, sequence)
    )
    with transaction.atomic():
        segmentation = _hand_in(assignment, kept, by, sequence, spent)
        if answers is not None and assignment.start is not None:
            _keep_rating(assignment, answers)
        record("assignment.submitted", assignment, by=by, segmentation=segmentation.pk)
        sync_access(assignment.study)
        enqueue("workflow.advance", key="advance", again=True)
    return segmentation


def _hand_in(assignment: Assignment, kept: KeptLayers, by: User, sequence: int, effort: Effort) -> Segmentation:
    segmentation = add_segmentation(
        kept=kept,
        rater=assignment.rater,
        source=Segmentation.Source.SUBMISSION,
        parent=assignment.submission or assignment.start,
        by=by,
    )
    if (
        not Assignment.objects.workable()
        .filter(pk=assignment.pk)
        .update(
            state=State.SUBMITTED,
            submission=segmentation,
            submitted_at=timezone.now(),
            opened_at=Coalesce("opened_at", timezone.now()),
            start_shown=assignment.start_id is not None,
            active_seconds=effort.active_seconds,
            idle_seconds=effort.idle_seconds,
            edits=effort.edits or {},
        )
    ):
        raise _handed_in()
    trunk = Draft.objects.trunk().filter(assignment=assignment).first()
    there = trunk.sequence if trunk is not None else 0
    if there != sequence:
        raise Conflict("The case was changed in another window. Load the page again to see it.", sequence=there)
    if trunk is not None:
        _freeze_comments(trunk, segmentation)
    add_time(assignment, active_seconds=effort.active_seconds, before=trunk)
    return segmentation


def _freeze_comments(draft: Draft, segmentation: Segmentation) -> None:
    Comment.objects.bulk_create(
        Comment(
            assignment=draft.assignment,
            segmentation=segmentation,
            **dict(zip("xyz", comment["voxel"], strict=True)),
            text=comment["text"],
        )
        for comment in draft.notes.get("comments", [])
    )


def _keep_rating(assignment: Assignment, answers: dict[str, Any]) -> None:
    rubric = assignment.study.rubric
    if rubric is None or assignment.start is None:
        return
    Rating.objects.current().filter(assignment=assignment).update(superseded_at=timezone.now())
    Rating.objects.create(
        assignment=assignment,
        segmentation=assignment.start,
        rubric=rubric,
        answers=answers,
        score=rubrics.score(rubric, answers),
    )


def _check_answers(assignment: Assignment, answers: dict[str, Any] | None) -> None:
    """A mask that was shown is scored where the study has a rubric; an empty one is not."""
    rubric = asked_rubric(assignment)
    if rubric is None:
        if answers:
            raise DomainError("This study asks no questions about this case.")
        return
    if answers is None:
        raise DomainError("Score the mask that you were shown before you submit.")
    rubrics.validate(rubric, answers, sequences_of(assignment))


def asked_rubric(assignment: Assignment) -> dict[str, Any] | None:
    """Return the questions that this assignment asks, if any."""
    return assignment.study.rubric if assignment.start_id is not None else None


def sequences_of(assignment: Assignment) -> list[str]:
    """Return the names of the sequences that the rater sees, one per series."""
    return [name for name, _ in shown_series(assignment)]


def shown_series(assignment: Assignment) -> list[tuple[str, Any]]:
    """Return (name, series) of what the rater sees, the sequence's own name where it is the only one of its kind."""
    rows = list(assignment.case.series.all())
    counts: dict[str, int] = {}
    named = []
    for series in rows:
        counts[series.sequence] = counts.get(series.sequence, 0) + 1
        number = counts[series.sequence]
        named.append((series.sequence if number == 1 else f"{series.sequence}-{number}", series))
    return named


@transaction.atomic
def report_problem(*, assignment: Assignment, text: str, by: User) -> ProblemReport:
    """Tell the lead what is wrong with a case."""
    report = ProblemReport.objects.create(assignment=assignment, text=text.strip())
    record("assignment.problem_reported", assignment, by=by)
    return report


@transaction.atomic
def settle_problem(*, report: ProblemReport, by: User) -> None:
    """Note that a lead has dealt with a problem."""
    if not ProblemReport.objects.open().filter(pk=report.pk).update(settled_at=timezone.now()):
        raise Conflict("This problem was settled already.")
    record("problem.settled", report, by=by)


def _draft_layers(assignment: Assignment, sequence: int) -> Layers:
    if sequence == 0:
        return start_layers(assignment)
    draft = Draft.objects.trunk().filter(assignment=assignment).first()
    if draft is None or draft.sequence != sequence:
        there = draft.sequence if draft is not None else 0
        raise Conflict("The case was changed in another window. Load the page again to see it.", sequence=there)
    return _decode(assignment, storage.read(draft.content_id))


def _decode(assignment: Assignment, payload: bytes) -> Layers:
    count = len(assignment.study.scheme.definition["layers"])
    try:
        return decode_layers(payload, assignment.series.grid.canonical().shape, layer_count=count)
    except PayloadError as error:
        raise DomainError(str(error)) from error


def _empty_layers(assignment: Assignment) -> Layers:
    import numpy as np

    count = len(assignment.study.scheme.definition["layers"])
    return np.zeros((count, *assignment.series.grid.canonical().shape), np.uint8)


def _refuse_finished(assignment: Assignment) -> None:
    _refuse_not_running(assignment)
    if assignment.state == State.SUBMITTED:
        raise _handed_in()
    if assignment.state == State.WAITING:
        raise DomainError("This case is not ready yet: its start mask is still being made.")


def _refuse_not_running(assignment: Assignment) -> None:
    if assignment.study.state != Study.State.RUNNING:
        raise DomainError("This study is closed. Your drafts are kept; ask its lead.", code="study_closed")


def _handed_in() -> Conflict:
    return Conflict("This case was already submitted.", code="handed_in")
