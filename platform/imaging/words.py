"""The words of file names: sequences, masks, raters, time points, and what says nothing.

Kept apart from the rules in `imaging.naming`, since lists grow and rules should not.
"""

from __future__ import annotations

_SEQUENCES = {
    "T1c": "t1c t1ce t1gd t1km t1post t1wce t1cw ct1 ct1w t1contrast t1gado t1gad t1wc",
    "T1": "t1 t1n t1w t1pre t1native mprage spgr t1mprage t1wi",
    "T2": "t2 t2w t2tse t2wi",
    "FLAIR": "flair t2f t2flair fla flr tirm darkfluid 3dflair flair3d",
    "ADC": "adc",
    "rCBV": "rcbv cbv",
    "DWI": "dwi trace b1000",
    "other": "swi pd pdw bold dti asl pwi dsc cbf mtt t2star t2s",
}
SEQUENCE_OF = {word: sequence for sequence, words in _SEQUENCES.items() for word in words.split()}
"""The sequence each word means: BraTS of all years, BIDS suffixes and everyday names."""

_CONTRAST = "ce gd gad gado gadolinium contrast post km postcontrast enhanced"
CONTRAST_WORDS = frozenset(_CONTRAST.split())
"""Beside a T1 word these make it a T1c."""

_MASKS = """
    seg segmentation dseg mask msk gt label labels lesion lesions truth groundtruth roi annotation manual
    tumor tumour testtumor consensus staple lbl segm
"""
MASK_WORDS = frozenset(_MASKS.split())
MASK_FOLDERS = ("segment", "mask", "label", "annotation", "fusion", "truth", "lesion")
"""A folder with one of these in its name holds masks, each named after who made it."""
BRAIN_MASK_WORDS = frozenset({"brainmask", "headmask"})

RATER_WORDS = ("rater", "reader", "expert", "annotator", "observer", "novice", "radiologist", "reviewer")

_TIMES = {
    "pre_op": "preop preoperative presurgery prae praeop",
    "early_post_op": "postop postoperative earlypostop epostop",
    "recurrence": "recurrence recurrent relapse progression",
    "follow_up": "followup fu",
}
TIME_POINT_OF = {word: point for point, words in _TIMES.items() for word in words.split()}
"""The time point each word means; the values are those a case can have."""
NUMBERED_TIME = "study visit timepoint tp time session ses exam fu followup month week day baseline"
NUMBERED_TIME_WORDS = tuple(NUMBERED_TIME.split())

_GENERIC = """
    raw rawdata data images image imagestr imagests labelstr labelsts anat dwi perf nifti nii native coregistered
    registered preprocessed processed derivatives sourcedata longitudinal training validation testing train
    test valid mri mr export upload dataset archive files brain scans scan
"""
GENERIC_FOLDERS = frozenset(_GENERIC.split())
"""Folder names that name no patient."""

_PROCESSING = """
    bet hdbet pp brain stripped skullstripped ss native reg registered coreg n4 bias corrected norm
    normalized normalised iso 1mm resampled shrunk sri24 mni axial ax sag sagittal cor coronal 3d 2d tse
    final img image vol volume unbiased defaced preproc space raw copy orig w wi map b0 pre to common
"""
PROCESSING_WORDS = frozenset(_PROCESSING.split())
"""Words that say how an image was processed and not whose it is."""

_HARMLESS = """
    brats tcga tcia cbica upenn ucsf pdgm gbm gli glioma men meningioma met mets metastasis ped ssa lgg hgg idh
    sub ses run acq case patient pat pt subject subj person id anon anonymous pseudonym demo synthetic phantom
    example training validation test stroke strokecase head study site centre center hospital group cohort
    control healthy left right frontal tumor tumour resection unet resunet baseline simple voting majority
    majorityvoting itkvoting model new old series flair mri open ms longitudinal isles captk multifocal
    unifocal cavity post pre time point scan volume
"""
HARMLESS_WORDS = frozenset(_HARMLESS.split())
"""Words in an identifier that are no person's name."""
