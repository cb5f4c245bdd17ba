"""Recognise, by their first bytes and names, files that are not taken as images, and say why."""

from __future__ import annotations

from imaging.errors import ImageError

DICOM_LATER = "DICOM cannot be imported yet; it comes later. Convert it to NIfTI, for example with dcm2niix."
AS_NIFTI = "Convert it to NIfTI (.nii.gz), NRRD or MetaImage."

_BY_START: tuple[tuple[int, bytes, str, str], ...] = (
    (128, b"DICM", "it is a DICOM file", DICOM_LATER),
    (0, b"PK\x03\x04", "it is a zip archive", "Import it as an archive; it cannot be an image."),
    (257, b"ustar", "it is a tar archive", "Import it as an archive; it cannot be an image."),
    (0, b"\x89PNG", "it is a PNG picture, not a 3-D image", AS_NIFTI),
    (0, b"\xff\xd8\xff", "it is a JPEG picture, not a 3-D image", AS_NIFTI),
    (0, b"CDF\x01", "it is a MINC file", AS_NIFTI),
    (0, b"\x89HDF", "it is a MINC or HDF5 file", AS_NIFTI),
    (0, b"# === DATA DESCRIPTION FILE", "it is a Philips PAR header", AS_NIFTI),
    (0, b"\x00\x00\x00\x01", "it may be a FreeSurfer MGH file", AS_NIFTI),
)
_BY_NAME = {
    (".dcm", ".ima", "dicomdir"): ("it is a DICOM file", DICOM_LATER),
    (".head", ".brik"): ("it is an AFNI file", AS_NIFTI),
    (".rec", ".par"): ("it is a Philips PAR/REC file", AS_NIFTI),
    (".mnc",): ("it is a MINC file", AS_NIFTI),
    (".img", ".hdr"): ("it is one half of an Analyze or two-file NIfTI image", AS_NIFTI),
    (".raw", ".zraw"): (
        "it holds voxels without a header",
        "Give it together with its header (.mhd, .nhdr) and choose the header.",
    ),
}
_NAMED_LIKE_IMAGES = {
    (".nii", ".nii.gz"): "it has no NIfTI header",
    (".nrrd", ".nhdr"): "it has no NRRD header",
    (".mha", ".mhd"): "it has no MetaImage header",
}


def is_dicom(start: bytes) -> bool:
    """Whether the first bytes of a file are a DICOM preamble and prefix."""
    return start[128:132] == b"DICM"


def refuse_other_format(name: str, start: bytes) -> ImageError:
    """Return the error for a file that no reader takes, from its first bytes (unpacked)."""
    for offset, magic, reason, advice in _BY_START:
        if start[offset : offset + len(magic)] == magic:
            return ImageError(name, reason, advice)
    for suffixes, (reason, advice) in _BY_NAME.items():
        if name.lower().endswith(suffixes):
            return ImageError(name, reason, advice)
    for suffixes, reason in _NAMED_LIKE_IMAGES.items():
        if name.lower().endswith(suffixes):
            return ImageError(name, reason, "Save the image again with the program that made it.")
    return ImageError(name, "its format is not known", AS_NIFTI)
