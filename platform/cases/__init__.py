"""Cases: patients, exams, series, label schemes, segmentations, and who may see them."""
