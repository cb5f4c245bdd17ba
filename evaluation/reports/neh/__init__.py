"""Non-enhancing hypercellular tumour: agreement, intensities, perfusion, recurrence (NEH Tables 1–7)."""
