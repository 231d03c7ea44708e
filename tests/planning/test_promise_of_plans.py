"""Invariant I6: what was signed never changes, a signature names what was read, one agreed version is in force.

Any order of edits, remarks, proposals, signatures, refusals and withdrawals, by two or three parties, against a model.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Prefetch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from credpoints.accounts.models import User
from credpoints.organisations.models import Programme
from credpoints.workflow import NoLongerPossible
from planning.actions import participations, plans
from planning.actions.plans import LineChanged, StaleVersion
from planning.contents import hash_of
from planning.models import Plan, PlanItem, PlanVersion
from tests.people import World
from tests.planning.makers import make_participation
from tests.thoroughness import trials

AGREEMENTS = (
    (("participant", "company"), "any"),
    (("participant", "advisor"), "any"),
    (("participant", "advisor"), "fixed"),
    (("participant", "home", "host"), "any"),
    (("participant", "home", "host"), "fixed"),
    (("participant", "advisor", "company"), "fixed"),
)
REFUSALS = (NoLongerPossible, StaleVersion, PermissionDenied, ValidationError, LineChanged)
OPEN = {"draft", "proposed", "changes_requested", "partly_signed"}
SIGNABLE = {"proposed", "partly_signed"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
numbers = st.integers(0, 10_000)
people = st.sampled_from(["rana", "vogel"] * 4 + ["aydin", "petersen", "teacher", "yusuf"])


@dataclass
class Version:
    """What the model remembers of a version."""

    number: int
    state: str = "draft"
    lines: dict[str, str] = field(default_factory=dict)  # key → title
    based_on_agreed: set[str] | None = None  # the keys of the agreed lines that this version changes
    dropped: list[tuple[str, str]] = field(default_factory=list)  # agreed lines that went: title, reason
    proposed_by: str = ""
    hash: str = ""
    signed: dict[str, str] = field(default_factory=dict)  # party → hash
    frozen: Any = None  # everything about it in the moment when it was agreed


def everything_about(row: PlanVersion) -> Any:
    """What people rely on in an agreed version."""
    lines = [item.content() for item in sorted(row.items.all(), key=lambda item: item.pk)]
    signatures = [(s.party, s.signer_name, s.content_hash, s.method, s.signed_at, s.voided_at)
                  for s in sorted(row.signatures.all(), key=lambda s: s.pk)]  # fmt: skip
    return row.agreed_content, row.content(), row.content_hash, row.agreed_at, lines, signatures


class Agreements(RuleBasedStateMachine):
    """The participant, advisors, coordinators, and people who have no business here."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.versions, self.seen = world, list[Version](), ["0" * 64]
        self.everything = transaction.atomic()
        self.everything.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.everything.__exit__(None, None, None)

    @initialize(agreement=st.sampled_from(AGREEMENTS))
    def open_the_plan(self, agreement) -> None:
        self.parties, self.order = agreement
        chosen = {"planning": {"parties": list(self.parties), "signing_order": self.order}}
        Programme.objects.filter(pk=self.world.programme.pk).update(settings=chosen)
        self.world.programme.refresh_from_db()
        self.plan: Plan = make_participation(self.world).plan
        self.signers = {"participant": {"rana"}, "advisor": {"vogel", "aydin"}, "company": set()}
        for party, name in (("home", "petersen"), ("host", "teacher")):
            if party in self.parties:
                self.name(party, name)
        self.begin("vogel", 1)
        for which in (1, 2):
            self.add_line("rana", which)

    def name(self, party: str, name: str) -> None:
        user = self.user(name)
        row = self.plan.parties.get(party=party)
        plans.name_signer(party=row, by=self.world.vogel, signer=user, name=user.name, role_name="Koordination")
        self.signers[party] = {name}

    # --- The model ----------------------------------------------------------------------------------------------------
    def user(self, name: str) -> User:
        found = self.world.user(name)
        assert found
        return found

    def row(self, version: Version) -> PlanVersion:
        return PlanVersion.objects.get(plan=self.plan, number=version.number)

    def pick(self, which: int) -> Version:
        """Mostly the newest version, sometimes an old one, as from a page that was left open."""
        return self.versions[-1] if which % 8 else self.versions[which % len(self.versions)]

    def opened(self) -> Version | None:
        return next((v for v in self.versions if v.state in OPEN), None)

    def agreed(self) -> Version | None:
        return next((v for v in self.versions if v.state == "agreed"), None)

    def edits(self, name: str) -> bool:
        return name in {"rana", "vogel", "aydin"}

    def turn_of(self, version: Version) -> list[str]:
        """The parties that may sign now."""
        missing = [party for party in self.parties if party not in version.signed]
        return missing[:1] if self.order == "fixed" else missing

    def attempt(self, allowed: bool, call, **facts: Any) -> bool:
        """Do it, and see whether it was refused exactly when it should be."""
        refusal = None
        try:
            with transaction.atomic():
                call(**facts)
        except REFUSALS as error:
            refusal = error
        assert (refusal is None) == allowed, f"{call.__name__}: {refusal!r}, though {allowed=}"
        return allowed

    # --- What people do -----------------------------------------------------------------------------------------------
    @rule(what=st.sampled_from(["add_line", "change_line", "move_line", "drop_line", "set_goals", "comment"]),
          name=people, which=numbers)  # fmt: skip
    def shape(self, what: str, name: str, which: int) -> None:
        getattr(self, what)(name, which)

    @rule(what=st.sampled_from(["begin", "propose", "edit_again", "sign", "sign", "refuse", "everybody_signs", "refuse",
                                "withdraw", "pause"]), name=people, which=numbers)  # fmt: skip
    def decide(self, what: str, name: str, which: int) -> None:
        getattr(self, what)(name, which)

    @rule(name=people, which=numbers, then=st.sampled_from(["refuse", "edit_again", "withdraw"]))
    def sign_and_then_somebody_thinks_again(self, name: str, which: int, then: str) -> None:
        """What was signed must not stay valid when the proposal is refused, opened or taken back."""
        version = self.versions[-1]
        if version.state in SIGNABLE:
            self.sign_for(self.turn_of(version)[0], version, version.hash)
            getattr(self, then)(version.proposed_by if then == "withdraw" else name, which - which % 8 + 1)

    @rule(which=numbers)
    def sign_from_a_page_that_was_left_open(self, which: int) -> None:
        """By click or as a scan: what was read counts, and it is no longer what stands there."""
        version = self.versions[-1]
        if version.state in SIGNABLE:
            waiting, old = self.turn_of(version), [seen for seen in self.seen if seen != version.hash]
            on_paper = [party for party in waiting if not self.signers[party]]
            self.sign_for((on_paper or waiting)[0], version, old[which % len(old)])

    @precondition(lambda self: any(version.state == "agreed" for version in self.versions))
    @rule(name=st.sampled_from(["rana", "vogel"]), which=numbers, reason=st.sampled_from(["", "not-available"]))
    def change_what_was_agreed(self, name: str, which: int, reason: str) -> None:
        """An agreed line leaves only with a reason, and the reason stands in what people sign next."""
        self.begin(name, 1)
        for item in self.row(self.versions[-1]).items.filter(key__in=self.versions[-1].based_on_agreed or ())[:1]:
            self.drop(self.versions[-1], item, name, reason)

    @rule(name=people, which=numbers)
    def work_towards_an_agreement(self, name: str, which: int) -> None:
        """The next thing that brings the plan forward, so that what follows an agreement is reached often."""
        version = self.versions[-1]
        forward = {"draft": "propose", "proposed": "sign", "partly_signed": "sign", "changes_requested": "edit_again"}
        getattr(self, forward.get(version.state, "begin"))(name, which)

    def begin(self, name: str, which: int) -> None:
        with_reason = bool(which % 3)
        agreed, reason = self.agreed(), {"reason_code": "other", "reason": "Neu"} if with_reason else {}
        allowed = self.edits(name) and (bool(self.opened()) or with_reason or not agreed)
        begun = self.attempt(allowed, plans.begin_version, plan=self.plan, by=self.user(name), **reason)
        if not begun or self.opened():
            return
        base = agreed or (self.versions[-1] if self.versions else None)
        fresh = Version(number=len(self.versions) + 1, lines=dict(base.lines) if base else {})
        if base and base.frozen:
            fresh.based_on_agreed = set(base.lines)
        self.versions.append(fresh)

    def add_line(self, name: str, which: int) -> None:
        version, title = self.pick(which), f"Zeile {which % 10}"
        allowed = self.edits(name) and version.state == "draft"
        if self.attempt(allowed, plans.add_line, version=self.row(version), by=self.user(name), title=title,
                        kind="other", term=self.world.winter, hours=Decimal(20)):  # fmt: skip
            item = PlanItem.objects.latest("pk")
            version.lines[str(item.key)] = title

    def some_line(self, version: Version, which: int) -> PlanItem | None:
        items = list(self.row(version).items.select_related("version__plan__participation__programme"))
        return items[which % len(items)] if items else None

    def change_line(self, name: str, which: int) -> None:
        version, hours, stale = self.pick(which), which % 97, which % 5 == 1
        item = self.some_line(version, which)
        if item is None:
            return
        old, seen = item.hours, plans.fingerprint(item)
        allowed = self.edits(name) and version.state == "draft"
        if stale and allowed:
            plans.change_line(item=item, by=self.world.vogel, hours=old + 1)
        self.attempt(allowed and not stale, plans.change_line, item=item, by=self.user(name), seen=seen,
                     hours=Decimal(hours))  # fmt: skip

    def move_line(self, name: str, which: int) -> None:
        version = self.pick(which)
        item = self.some_line(version, which)
        if item:
            term = self.world.summer if which % 2 else self.world.winter
            self.attempt(self.edits(name) and version.state == "draft", plans.move_line, item=item,
                         by=self.user(name), term_id=term.pk)  # fmt: skip

    def drop_line(self, name: str, which: int) -> None:
        version, reason = self.pick(which), "not-available" if which // 8 % 2 else ""
        item = self.some_line(version, which)
        if item is None:
            return
        self.drop(version, item, name, reason)

    def drop(self, version: Version, item: PlanItem, name: str, reason: str) -> None:
        was_agreed = str(item.key) in (version.based_on_agreed or set())
        allowed = self.edits(name) and version.state == "draft" and (bool(reason) or not was_agreed)
        if self.attempt(allowed, plans.drop_line, item=item, by=self.user(name), reason_code=reason):
            del version.lines[str(item.key)]
            version.dropped += [(item.title, reason)] if was_agreed else []

    def set_goals(self, name: str, which: int) -> None:
        version = self.pick(which)
        self.attempt(self.edits(name) and version.state == "draft", plans.set_goals, version=self.row(version),
                     by=self.user(name), goals=f"Ziel {which}", occupation="Ingenieurin")  # fmt: skip

    def comment(self, name: str, which: int) -> None:
        """A remark changes nothing that is signed."""
        signs = any(name in self.signers[party] for party in self.parties)
        version = self.pick(which)
        self.attempt(self.edits(name) or signs, plans.comment, version=self.row(version), by=self.user(name),
                     text="bitte ab Mai")  # fmt: skip

    def propose(self, name: str, which: int) -> None:
        version = self.pick(which)
        allowed = self.edits(name) and version.state == "draft" and bool(version.lines)
        if self.attempt(allowed, plans.propose, version=self.row(version), by=self.user(name)):
            version.state, version.proposed_by, version.hash = "proposed", name, self.row(version).content_hash
            self.seen.append(version.hash)

    def edit_again(self, name: str, which: int) -> None:
        version = self.pick(which)
        allowed = self.edits(name) and version.state in OPEN - {"draft"}
        if self.attempt(allowed, plans.edit_again, version=self.row(version), by=self.user(name)):
            version.state, version.proposed_by, version.hash, version.signed = "draft", "", "", {}

    def sign(self, name: str, which: int) -> None:
        """For any of the parties, sometimes from a page that shows an older content."""
        version = self.pick(which)
        seen = self.seen[which % len(self.seen)] if which // 8 % 3 == 1 else version.hash
        waiting = self.turn_of(version)
        party = waiting[0] if waiting and which % 2 else self.parties[which // 24 % len(self.parties)]
        self.sign_for(party, version, seen)

    def everybody_signs(self, name: str, which: int) -> None:
        """The good end, so that what follows an agreement is reached often."""
        version = self.pick(which)
        for party in self.parties:
            if version.state in SIGNABLE and party in self.turn_of(version):
                self.sign_for(party, version, version.hash)

    def sign_for(self, party: str, version: Version, seen: str) -> None:
        """By the one who signs for the party, or on paper when nobody has an account."""
        allowed = version.state in SIGNABLE and seen == version.hash and party in self.turn_of(version)
        names = self.signers[party]
        if names:
            done = self.attempt(allowed, plans.sign, version=self.row(version), by=self.user(min(names)),
                                seen_hash=seen)  # fmt: skip
        else:
            done = self.attempt(
                allowed, plans.record_scanned_signature, version=self.row(version),
                party=self.plan.parties.get(party=party), name="Frau Stromwerk", position="Ausbildung",
                scan=SimpleUploadedFile("scan.pdf", PDF), by=self.world.vogel, seen_hash=seen,
            )  # fmt: skip
        if done:
            self.signed(version, party)

    def signed(self, version: Version, party: str) -> None:
        version.signed[party], version.state = version.hash, "partly_signed"
        if not self.turn_of(version):
            before = self.agreed()
            if before:
                before.state = "superseded"
            version.state, version.frozen = "agreed", everything_about(self.row(version))

    def refuse(self, name: str, which: int) -> None:
        version = self.pick(which)
        allowed = version.state in SIGNABLE and any(name in self.signers[party] for party in self.parties)
        if self.attempt(allowed, plans.refuse, version=self.row(version), by=self.user(name), reason="anders"):
            version.state, version.signed = "changes_requested", {}

    def withdraw(self, name: str, which: int) -> None:
        version = self.pick(which)
        rightful = name == version.proposed_by if version.proposed_by else self.edits(name)
        allowed = version.state in OPEN and rightful
        if self.attempt(allowed, plans.withdraw_version, version=self.row(version), by=self.user(name)):
            version.state, version.signed = "withdrawn", {}

    @precondition(lambda self: "host" in getattr(self, "parties", ()))
    @rule(name=st.sampled_from(["teacher", "lorenz"]))
    def correct_who_signs_for_the_host(self, name: str) -> None:
        self.name("host", name)

    def pause(self, name: str, which: int) -> None:
        """A pause keeps the plan as it is, and people may go on shaping it."""
        step = "pause" if which % 2 else "resume"
        participation = self.plan.participation
        participation.refresh_from_db()
        allowed = participation.state == ("active" if step == "pause" else "paused")
        self.attempt(allowed, participations.change_participation, participation=participation, step=step,
                     by=self.world.vogel, reason="Urlaub")  # fmt: skip

    # --- What must hold after each of these ---------------------------------------------------------------------------
    @invariant()
    def every_promise_is_kept(self) -> None:
        lines = PlanItem.objects.select_related("term", "finding", "offering").order_by("pk")
        rows = PlanVersion.objects.filter(plan__participation__person__user=self.world.rana)
        found = {row.number: row for row in rows.prefetch_related(Prefetch("items", lines), "signatures")}
        assert {number: row.state for number, row in found.items()} == {v.number: v.state for v in self.versions}
        self.one_version_is_in_force_and_one_is_open()
        for version in self.versions:
            row = found[version.number]
            assert {str(item.key) for item in row.items.all()} == set(version.lines)
            valid = {s.party: s.content_hash for s in row.signatures.all() if s.voided_at is None}
            assert valid == version.signed
            assert [(line["title"], line["reason"]) for line in row.dropped] == version.dropped
            if version.state in SIGNABLE:
                assert hash_of(row.content()) == row.content_hash == version.hash
            if version.frozen:
                self.what_was_agreed_stays_as_it_was_signed(version, row)

    def one_version_is_in_force_and_one_is_open(self) -> None:
        states = [version.state for version in self.versions]
        assert sum(state in OPEN for state in states) <= 1
        once = any(version.frozen for version in self.versions)
        assert states.count("agreed") == (1 if once else 0)

    def what_was_agreed_stays_as_it_was_signed(self, version: Version, row: PlanVersion) -> None:
        assert everything_about(row) == version.frozen
        assert hash_of(row.agreed_content) == row.content_hash
        assert version.signed == dict.fromkeys(self.parties, row.content_hash)


def test_whatever_the_parties_do_a_signature_stands_for_what_was_read(world) -> None:
    run_state_machine_as_test(
        lambda: Agreements(world),
        settings=settings(max_examples=trials(40), stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    )
