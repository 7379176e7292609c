"""The members of zip archives, archives within them included, and why one cannot be had.

Names are told to people and matched by their ending; they are never used as paths. A list of contents that
is too long is not even read.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.errors import UnreadableSourceError
from ingest.limits import REMEDY
from ingest.packages import UNREADABLE, Member, Package

_ENCRYPTED = 0x1

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What every service and system packs with. Of bzip2 and LZMA ``zipfile`` unpacks all that it was given at
once, whatever was asked for: 700 bytes of them can be 700 MB.
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in an archive, or the archive itself, that cannot be taken, and why."""

    label: str
    reason: str
    is_the_systems: bool = False


def members(package: Package, wanted: Callable[[str], bool], prefix: str = "") -> Iterator[Member | Refused]:
    """Wanted members of an archive and of those within it; what is wanted but cannot be had says why."""
    try:
        infos = package.infos()
        package.budget.spend_members(len(infos))
    except UnreadableSourceError as error:
        yield Refused(prefix.rstrip("!"), str(error))
        return
    except UNREADABLE as error:
        reason = f"is no readable zip archive: {reason_of(error)}"
        yield Refused(prefix.rstrip("!"), reason, is_the_systems(error))
        return
    names: Counter[str] = Counter()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if any(part.startswith((".", "__MACOSX")) for part in name.split("/") if part not in {".", ".."}):
            continue
        is_archive = name.lower().endswith(".zip")
        if not is_archive and not wanted(name.rpartition("/")[2]):
            continue
        names[name] += 1
        label = prefix + name + (f" ({names[name]})" if names[name] > 1 else "")
        if info.flag_bits & _ENCRYPTED:
            yield Refused(label, f"is encrypted; {REMEDY}")
        elif info.compress_type not in _METHODS:
            yield Refused(label, f"is packed in a way that Hipwatch does not read; {REMEDY}")
        elif is_archive:
            yield from _within(package, info, wanted, label)
        else:
            yield Member(package, info, label)


def reason_of(error: BaseException) -> str:
    """What an error says, in a few words."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def is_the_systems(error: BaseException) -> bool:
    """Whether it was the system that refused, not the content: another time it may not."""
    return isinstance(error, OSError) and error.errno is not None


def _within(
    package: Package, info: zipfile.ZipInfo, wanted: Callable[[str], bool], label: str
) -> Iterator[Member | Refused]:
    try:
        inner = package.nested(info)
    except (UnreadableSourceError, *UNREADABLE) as error:
        yield Refused(label, f"cannot be read: {reason_of(error)}", is_the_systems(error))
        return
    yield from members(inner, wanted, f"{label}!")
