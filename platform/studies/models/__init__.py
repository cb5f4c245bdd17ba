"""What is stored about studies."""

from studies.models.assignment import Assignment, Comment, Rating
from studies.models.export import StudyExport
from studies.models.study import Arm, Membership, Study, StudyCase

__all__ = ["Arm", "Assignment", "Comment", "Membership", "Rating", "Study", "StudyCase", "StudyExport"]
