"""Classification of resections against a reference: residual tumour or gross total resection (EPMR Tables 3 and 4)."""
