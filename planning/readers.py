"""Who is told about a plan."""

from credpoints.accounts.models import Person, User
from planning.models import PlanVersion


def readers_of(version: PlanVersion, but: User | None = None) -> list[User | Person]:
    """The person, the own advisor, and named signers of other parties; each once, without the one who acts."""
    participation = version.plan.participation
    readers: list[User | Person] = [participation.person]
    readers += [participation.advisor] if participation.advisor else []
    readers += [party.signer for party in version.plan.parties.all() if party.signer]
    skipped = {but.email} if but else set()
    found: dict[str, User | Person] = {}
    for reader in readers:
        address = reader.email if isinstance(reader, User) else reader.mail_address
        if address and address not in skipped:
            found.setdefault(address, reader)
    return list(found.values())
