"""Whether the model that a study starts from can make its start masks."""

from core.errors import DomainError
from inference.models import ModelVersion
from studies.models import Study
from studies.readiness import checked_before_start


@checked_before_start
def model_fits(study: Study) -> None:
    """Refuse a retired model, and one that draws other labels than the study: its readings would wait for ever."""
    model = ModelVersion.objects.select_related("scheme").filter(rater=study.start_rater_id).first()
    if study.start_rater_id is None or model is None:
        return
    if model.retired_at is not None:
        raise DomainError(f"{model} was retired: choose another model to start from, or none.")
    if model.scheme_id != study.scheme_id:
        raise DomainError(
            f"{model} draws other labels ({model.scheme.name}) than the study ({study.scheme.name}): choose its label "
            "scheme, another model, or start from empty masks."
        )
