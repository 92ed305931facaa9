"""Which broad kind of file this is, by its first bytes and, where those are mute, by its extension.

Role: one word for the inventory's column. It opens nothing and says nothing about whether the file is sound.
"""

from typing import Final

_BY_EXTENSION: Final = {
    extension: kind
    for kind, extensions in {
        "photo": "jpg jpeg jpe jfif heic heif arw cr2 cr3 dng nef orf pef raf rw2 srw 3fr x3f",
        "image": "png apng gif webp avif bmp tif tiff ico psd psb xcf jp2 jxl tga exr kra afphoto procreate",
        "vector": "svg svgz ai eps cdr sketch fig xd emf wmf odg drawio afdesign",
        "font": "ttf otf ttc woff woff2 eot",
        "pdf": "pdf",
        "video": "mp4 m4v mov avi mkv webm mpg mpeg mts m2ts wmv flv ogv 3gp",
        "audio": "mp3 m4a m4b wav flac ogg oga opus aac aif aiff wma mid midi amr",
        "archive": "zip 7z rar tar gz tgz bz2 xz zst wacz warc",
        "document": "doc docx docm dot dotx odt ott rtf pages tex epub indd idml pub xps",
        "spreadsheet": "xls xlsx xlsm xlsb xltx ods ots numbers csv tsv",
        "presentation": "ppt pptx pptm pps ppsx potx odp key",
        "web": "html htm xhtml css scss less js mjs cjs ts jsx tsx vue svelte php map wasm webmanifest",
        "text": "txt md rst log json yaml yml toml xml ini sql py rb java c h cpp sh",
    }.items()
    for extension in extensions.split()
}

_BY_START: Final = (
    (b"\xff\xd8\xff", "photo"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"BM", "image"),
    (b"8BPS", "image"),
    (b"%PDF-", "pdf"),
    (b"fLaC", "audio"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"OTTO", "font"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)
_FORMS: Final = {b"WEBP": "image", b"WAVE": "audio", b"AVI ": "video"}
_PHOTO_BRANDS: Final = {b"heic", b"heix", b"mif1", b"msf1"}
_AUDIO_BRANDS: Final = {b"M4A ", b"M4B "}
_TELLING: Final = {start[:2] for start, _ in _BY_START}
_OUTRANKED: Final = {"pdf", "archive"}
"""What several formats are inside: `.ai` is a PDF, `.svgz` a gzip; there the extension knows better."""


def broad_kind(name: str, head: bytes) -> str:
    """The kind as `AssetProperties.kind` lists them; `other` when neither content nor name tells."""
    _, dot, extension = name.rpartition(".")
    named = _BY_EXTENSION.get(extension.lower(), "") if dot else ""
    found = _by_content(head)
    if found and not (found in _OUTRANKED and named):
        return named if (found, named) in {("video", "audio"), ("audio", "video")} else found
    return named or "other"


def _by_content(head: bytes) -> str:
    for start, kind in _BY_START if head[:2] in _TELLING else ():
        if head.startswith(start):
            return kind if kind != "image" or start != b"BM" or head[6:10] == b"\0\0\0\0" else ""
    if head[:4] == b"RIFF":
        return _FORMS.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _PHOTO_BRANDS:
            return "photo"
        return "audio" if brand in _AUDIO_BRANDS else "image" if brand == b"avif" else "video"
    if head[:4] in {b"II*\0", b"MM\0*"}:
        return ""  # TIFF, and most cameras' raw formats: the extension tells them apart
    return "vector" if b"<svg" in head[:1024] else ""
