"""Officers who offered help that fits what is asked, the best first but not always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from bot.answers.councils import Council
from bot.answers.evidence import Evidence
from bot.answers.likeness import Wish
from bot.answers.outcomes import OutcomeRanker
from bot.answers.places import Gazetteer
from bot.answers.shelf import Shelf
from bot.answers.stems import stems
from bot.answers.works import FITS, Sought, Works, fit, in_common
from bot.cutting import cut
from bot.offers import Offer, Profile, concealed
from bot.projects import Project
from knowledge.markdown import statements

# What counts beside how well an offer fits: how near it is to the bare topic, and to a case study
# that answers; each outcome in common, two at most; a council like the one asked for, or asking.
# Chosen on the tuned half.
TOPIC, SAME_WORK, OUTCOME, LIKE = 0.5, 0.5, 0.05, 0.05
NAMED = 0.6  # what an offer's outcome is worth where nothing but that outcome is asked for
CASES = 8  # case studies that an offer is held against
EQUAL, IN_TURN = 0.02, 0.4  # by how much others, and colleagues, may fit less to be shown first
COLLEAGUE = 0.5  # by how much one steps back behind each colleague of the same shown before
LEAST, SHARE = 0.6, 0.6  # the score of who is shown, and what share of the best fit that must be
MOST, DEPTH = 10, 80
LONGEST = 240  # characters of an offer that are shown


@dataclass(frozen=True, slots=True)
class Fit:
    """An officer with how well they fit: `sure` by their own words, `strength` by those of a case
    study like theirs too, where that is more, `score` by everything.
    `project` is one of theirs, where that fits better than what they offer. Colleagues at one
    `desk` offer about the same: their council's name, and the case study that is nearest."""

    profile: Profile
    council: Council
    sure: float
    score: float
    project: Project | None = None
    strength: float = 0.0
    desk: tuple[str, str] = ("", "")


_Owned = tuple[Project, float]


class People:
    """Finds them on a shelf."""

    def __init__(
        self,
        evidence: Evidence,
        ranker: OutcomeRanker,
        gazetteer: Gazetteer,
        works: Works,
        outcomes: Mapping[str, str],
    ) -> None:
        self._evidence, self._ranker, self._gazetteer = evidence, ranker, gazetteer
        self._works, self._outcomes = works, outcomes

    def fitting(
        self, sought: Sought, shelf: Shelf, least: float, told: Collection[str] = ()
    ) -> tuple[list[Fit], bool]:
        """Those who fit, in no order, if anybody does at least so well; and whether they are
        where it is wished. Nobody elsewhere is shown beside somebody there who fits, or whose
        offer is nearest to a case study that was `told`. Without a topic all who are there."""
        every = self._every(sought, shelf)
        there = [one for one in every if self._placed(one.profile, sought.wish)]
        if not sought.reading.topic:
            return (there or every, bool(there)) if sought.wish else ([], False)
        if not any(one.sure >= least for one in every):
            return [], False
        same = any(one.desk[1] in told for one in there)
        if not same and _strongest(there) < _strongest(every) * SHARE:
            there = []
        return _near_best(there or every), bool(there)

    def _every(self, sought: Sought, shelf: Shelf) -> list[Fit]:
        """All who come near, without the asker."""
        if not shelf.profiles:
            return []
        cosines, topics = shelf.offered @ sought.vector, shelf.offered @ sought.topic
        owned, best = self._owned(sought, shelf), self._best_cases(sought)
        nearest = (-cosines - TOPIC * topics).argsort(kind="stable").tolist()
        there = [row for row in nearest if self._placed(shelf.profiles[row], sought.wish)]
        theirs = [row for row, one in enumerate(shelf.profiles) if _key(one) in owned]
        found = []
        for row in dict.fromkeys((*nearest[:DEPTH], *there[:DEPTH], *theirs)):
            profile = shelf.profiles[row]
            one = self._fit(profile, float(cosines[row]), sought, owned.get(_key(profile)))
            near = self._ranker.similar(shelf.offered[row], CASES)
            same = max((cosine * best.get(case, 0.0) for case, cosine in near), default=0.0)
            score = one.score + TOPIC * float(topics[row]) + SAME_WORK * same
            desk = (one.council.name or profile.id, near[0][0] if near else "")
            strength = max(one.sure, SAME_WORK * same)
            found.append(replace(one, score=score, strength=strength, desk=desk))
        asker = (sought.seeker.community, sought.seeker.key)
        return [one for one in found if _key(one.profile) != asker]

    def _fit(self, profile: Profile, cosine: float, sought: Sought, owned: _Owned | None) -> Fit:
        offer, council = profile.offer, self._council(profile)
        offered = fit(cosine, self._evidence.share(sought.reading.asked, stems(offer.help)))
        offered += NAMED * bool(sought.named.intersection(offer.outcomes))
        project, sure = owned if owned and owned[1] > offered else (None, offered)
        common = {*sought.outcomes, *sought.seeker.outcomes}.intersection(offer.outcomes)
        score = sure + OUTCOME * min(len(common), 2) + LIKE * sought.wish.likeness(council)
        return Fit(profile, council, sure, score, project)

    def _placed(self, profile: Profile, wish: Wish) -> bool:
        """Whether somebody is where it is wished."""
        if not wish:
            return True
        council, named = self._council(profile), wish.places.councils or wish.places.missing
        names = self._gazetteer.names(council.name) if named else (council.name,)
        return wish.met(council, names)

    def _council(self, profile: Profile) -> Council:
        """Where an officer works: as they say, else as their council's name tells."""
        offer = profile.offer
        known = self._gazetteer.known(offer.council)
        return Council(
            known.name,
            offer.kind or known.kind,
            offer.region or known.region,
            offer.nation or known.nation,
            known.people,
            known.size,
        )

    def why(self, one: Fit, sought: Sought) -> str:
        """Why somebody is named, in words that hold no name."""
        offer = one.profile.offer
        if one.project:
            opening = f"registered “{shown(one.project.details.title, offer)}”"
        else:
            told = statements(offer.help) or (offer.help,)
            asked = sought.reading.asked
            best = max(told, key=lambda text: self._evidence.share(asked, stems(text)))
            opening = f"can help with: “{shown(best, offer)}”"
        common = in_common(offer.outcomes, sought.seeker, self._outcomes)
        return "; ".join(filter(None, (opening, sought.wish.why(one.council), common)))

    def _best_cases(self, sought: Sought) -> dict[str, float]:
        """The case studies that answer best, with how well."""
        ranked = self._works.there(sought, sought.wish) or self._works.there(sought, Wish())
        return {found.document: score for found, score in ranked[:CASES]}

    def _owned(self, sought: Sought, shelf: Shelf) -> dict[tuple[str, str], _Owned]:
        """The project of each owner that fits best, and how well."""
        found: dict[tuple[str, str], _Owned] = {}
        for project, sure in self._works.projects(sought, shelf):
            if sure >= FITS:
                found.setdefault((project.community, project.owner), (project, sure))
        return found


def _strongest(found: Sequence[Fit]) -> float:
    return max((one.strength for one in found), default=0.0)


def _near_best(found: Sequence[Fit]) -> list[Fit]:
    least = max(LEAST, SHARE * max(one.score for one in found))
    return [one for one in found if one.score >= least]


def spread(found: Sequence[Fit], chance: Random) -> list[Fit]:
    """The best first. Among those who fit about equally well chance decides, and among colleagues
    who offer about the same; it favours who was asked less of late. A second of these comes after
    others who fit."""
    left = sorted(found, key=lambda one: (-one.score, one.profile.id))
    order: list[Fit] = []
    while left and len(order) < MOST:
        seen = Counter(one.desk for one in order)
        best = {one.desk: one for one in reversed(left)}
        desks = [(one.score - COLLEAGUE * seen[one.desk], one) for one in best.values()]
        desk = _drawn(desks, EQUAL, chance).desk
        colleagues = [(one.score, one) for one in left if one.desk == desk]
        order.append(_drawn(colleagues, IN_TURN, chance))
        left.remove(order[-1])
    return order


def _drawn(scored: Sequence[tuple[float, Fit]], within: float, chance: Random) -> Fit:
    """The best, or one who is not far behind."""
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].profile.id))
    equal = [one for score, one in ranked if score >= ranked[0][0] - within]
    return chance.choices(equal, [1 / (1 + one.profile.asked) for one in equal])[0]


def _key(profile: Profile) -> tuple[str, str]:
    return profile.community, profile.key


def shown(text: str, offer: Offer) -> str:
    """What of an officer's words is shown to whoever was not introduced to them."""
    kept, rest = cut(concealed(text, offer), LONGEST)
    return f"{kept}…" if rest else kept
