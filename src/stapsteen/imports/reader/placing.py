"""Linking a row to an organisation that another sheet, or the network, has."""

from __future__ import annotations

from dataclasses import dataclass, field

from stapsteen.imports.reader.cells import read_mail, read_phone, read_place
from stapsteen.imports.reader.lookup import NO_HOST, Host, Hosts, organisation_key
from stapsteen.imports.reader.plan import OrganisationRecord
from stapsteen.imports.reader.rows import Row
from stapsteen.imports.reader.text import fold, squeeze


@dataclass(slots=True)
class Linker:
    """`free` when the file and the network have no organisations at all: names then make new ones."""

    hosts: Hosts
    free: bool
    derived: list[OrganisationRecord] = field(default_factory=list)

    def host(self, row: Row, name: str = "host") -> Host | None:
        """The host of a person or of hours; an unknown one stays as a note and doesn't stop the row."""
        text = squeeze(row.text(name))
        if not fold(text) or fold(text) in NO_HOST:
            return None
        return self._find(row, name, text, several="host_several", unknown="host_unknown")

    def owner(self, row: Row, name: str = "organisation") -> Host | None:
        """The organisation of a task; without it the row is refused."""
        text = squeeze(row.text(name))
        if not fold(text):
            row.problem("organisation_missing", name)
            return None
        return self._find(row, name, text, several="organisation_several", unknown="organisation_unknown")

    def print_of(self, host: Host) -> str:
        """What makes an organisation the same in a task's fingerprint, known to the network or not."""
        return f"{organisation_key(host.name)} {host.nis}"

    def _find(self, row: Row, name: str, text: str, *, several: str, unknown: str) -> Host | None:
        for code in (several, unknown, "host_spelling"):
            if chosen := self.hosts.get(row.choice(code, name)):
                return chosen
        match = self.hosts.find(text)
        typed = str(row.cells[row.columns[name].index])
        if match.host is not None:
            if match.how == "spelling" or typed != match.host.name:
                row.problem(
                    "host_spelling",
                    name,
                    host=match.host.name,
                    suggested=match.host.name,
                    choices=match.choices,
                )
            return match.host
        if match.how == "none" and self.free:
            return self._derive(row, name, text)
        row.problem(several if match.how == "several" else unknown, name, choices=match.choices)
        if unknown == "host_unknown":
            row.note(name)
        return None

    def _derive(self, row: Row, name: str, text: str) -> Host:
        """A new organisation from a sheet of persons or tasks, with what stands beside it."""
        place = read_place(row, "host_town") if row.value("host_town") is not None else None
        nis = place.nis if place else ""
        fingerprint = row.run.fingerprint("organisation", organisation_key(text), nis)
        record = OrganisationRecord(
            fingerprint=fingerprint,
            source_fingerprint=fingerprint,
            sheet=row.plan.sheet,
            row=row.number,
            name=text,
            contact=row.text("host_contact"),
            phone=read_phone(row, "host_phone"),
            email=read_mail(row, "host_email"),
            municipality_nis=nis,
            municipality=place.name if place else "",
            derived=True,
        )
        if not row.run.known(fingerprint):
            self.derived.append(record)
            row.problem("host_new", name)
        host = Host(fingerprint, text, nis)
        self.hosts.add(host)
        return host
