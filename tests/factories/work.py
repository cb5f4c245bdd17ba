"""Jobs, model versions, reports and their files, and figures of agreement."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from cases.models import DerivedMap, Segmentation
from core import storage
from core.models import StoredFile
from evaluation.models import CaseAgreement, DisagreementMap, Report, ReportFile
from inference.models import ModelVersion, Prediction
from jobs.models import Job
from tests.factories.cases import LabelSchemeFactory, PreparedCaseFactory, SegmentationFactory
from tests.factories.people import ModelRaterFactory
from tests.factories.studies import StudyFactory


class JobFactory(DjangoModelFactory[Job]):
    """A job that waits."""

    class Meta:
        model = Job

    kind = "workflow.advance"
    key = Sequence(str)


class StoredFileFactory(DjangoModelFactory[StoredFile]):
    """Some kept bytes, given as `content=b"…"`."""

    class Meta:
        model = StoredFile

    @classmethod
    def _create(cls, model_class: type[StoredFile], *args: Any, **kwargs: Any) -> StoredFile:  # noqa: ARG003
        return storage.keep(kwargs.get("content", b"some bytes"))


class ModelVersionFactory(DjangoModelFactory[ModelVersion]):
    """A model version whose weights are just bytes."""

    class Meta:
        model = ModelVersion

    name = Sequence(lambda n: f"network-{n}")
    version = 1
    rater = SubFactory(ModelRaterFactory)
    scheme = SubFactory(LabelSchemeFactory)
    recipe = LazyFunction(dict)
    weights = SubFactory(StoredFileFactory, content=b"weights")


class PredictionFactory(DjangoModelFactory[Prediction]):
    """A model version's segmentation of a case."""

    class Meta:
        model = Prediction

    model_version = SubFactory(ModelVersionFactory)
    case = SubFactory(PreparedCaseFactory)
    segmentation = LazyAttribute(
        lambda row: SegmentationFactory.create(
            case=row.case,
            rater=row.model_version.rater,
            scheme=row.model_version.scheme,
            source=Segmentation.Source.MODEL,
        )
    )
    seconds = 1.5
    device = "cpu"


class ReportFactory(DjangoModelFactory[Report]):
    """A finished report with nothing in it."""

    class Meta:
        model = Report

    study = SubFactory(StudyFactory)
    kind = Report.Kind.INTER_RATER
    title = "Agreement between raters"
    created_by = SelfAttribute("study.created_by")
    data = LazyFunction(lambda: {"cases": []})
    finished_at = LazyFunction(timezone.now)


class ReportFileFactory(DjangoModelFactory[ReportFile]):
    """A table of a report."""

    class Meta:
        model = ReportFile

    report = SubFactory(ReportFactory)
    name = "volumes.csv"
    content_type = "text/csv"
    stored = SubFactory(StoredFileFactory, content=b"case,ml\n1,2.5\n")


class DerivedMapFactory(DjangoModelFactory[DerivedMap]):
    """An entropy map whose content is just bytes."""

    class Meta:
        model = DerivedMap

    case = SubFactory(PreparedCaseFactory)
    series = SelfAttribute("case.reference")
    kind = DerivedMap.Kind.ENTROPY
    content = SubFactory(StoredFileFactory, content=b"a map")


class ProbabilityFactory(DjangoModelFactory[DerivedMap]):
    """The probability that a model gave one label of its mask; its content is just bytes."""

    class Meta:
        model = DerivedMap

    case = SelfAttribute("segmentation.case")
    series = SelfAttribute("segmentation.series")
    segmentation = SubFactory(SegmentationFactory)
    kind = DerivedMap.Kind.PROBABILITY
    content = SubFactory(StoredFileFactory, content=b"a probability")


class CaseAgreementFactory(DjangoModelFactory[CaseAgreement]):
    """Figures of a case that hold nothing."""

    class Meta:
        model = CaseAgreement

    study = SubFactory(StudyFactory)
    case = SubFactory(PreparedCaseFactory)
    inputs_sha256 = Sequence(lambda n: f"{n:064d}")
    readings = LazyFunction(list)
    results = LazyFunction(dict)


class DisagreementMapFactory(DjangoModelFactory[DisagreementMap]):
    """Where two people disagree, of a scheme with one layer."""

    class Meta:
        model = DisagreementMap

    agreement = SubFactory(CaseAgreementFactory)
    layer = "labels"
    derived = LazyAttribute(lambda row: DerivedMapFactory.create(case=row.agreement.case))
    readers = 2
    most_bits = 1.0
