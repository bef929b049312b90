"""Takes the topics of an openkamer export, which stand side by side without a comma, and gives them one by one."""

from __future__ import annotations

import re

# The themes of the Dutch government's own list (Taxonomie Beleidsagenda), by which parliamentary papers are filed.
_THEMES = """afval|arbeidsomstandigheden|arbeidsvoorwaarden|basisonderwijs|begroting|belasting|beroepsonderwijs|bestuur
|bestuursrecht|bezwaar en klachten|bodem|bouwen en verbouwen|burgerlijk recht|criminaliteit|cultuur
|cultuur en recreatie|de nederlandse antillen en aruba|defensie|dieren|economie|emigratie|energie|ethiek
|europese zaken|financieel toezicht|financiën|geluid|gemeenten|geneesmiddelen en medische hulpmiddelen
|gezin en kinderen|gezondheidsrisico's|gezondheidsrisico’s|handel|hoger onderwijs|huisvesting|huren en verhuren|ict
|immigratie|industrie|inkomensbeleid|integratie|internationaal|internationale samenwerking|jongeren
|kopen en verkopen|koninklijk huis|kunst|landbouw|levensloop|lucht|luchthavens|luchtvaart|markttoezicht|media
|migratie en integratie|militaire missies|nabestaanden|natuur en milieu|natuur- en landschapsbeheer|nederlanderschap
|netwerken|ondernemen|onderwijs en wetenschap|onderzoek en wetenschap|ontwikkelingssamenwerking
|openbaar vervoer|openbare orde en veiligheid|organisatie en beleid|ouderen|overige economische sectoren
|overige vormen van onderwijs|parlement|planten|politie, brandweer en hulpdiensten|provincies|rail- en wegverkeer
|rampen|recht|rechtspraak|recreatie|reizen|rijksoverheid|ruimte en infrastructuur|ruimtelijke ordening|scheepvaart
|sociale zekerheid|spoor|sport|staatsrecht|staatsveiligheid|stoffen|strafrecht|terrorisme|tijdelijk verblijf|toerisme
|verkeer|verzekeringen|voedselkwaliteit|voortgezet onderwijs|water|waterbeheer|waterkeringen en waterbeheer
|waterschappen|weg|werk|werkgelegenheid|werkloosheid|ziekte en arbeidsongeschiktheid|ziekten en behandelingen
|zorg en gezondheid"""
_KNOWN = {theme.strip() for theme in _THEMES.replace("\n", "").split("|")}
_LONGEST = max(len(theme.split()) for theme in _KNOWN)


def split_topics(text: str) -> tuple[str, ...]:
    """Return the topics in order; words that are no known theme stay together as one topic."""
    if ";" in text:
        return tuple(topic for topic in map(str.strip, text.split(";")) if topic)
    words = text.split()
    topics: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(min(_LONGEST, len(words) - at), 0, -1)
        size = next((n for n in sizes if " ".join(words[at : at + n]).lower() in _KNOWN), 0)
        if size == 0:
            unknown.append(words[at])
            at += 1
            continue
        topics += [*_joined(unknown), " ".join(words[at : at + size])]
        unknown = []
        at += size
    return tuple(dict.fromkeys([*topics, *_joined(unknown)]))


def _joined(words: list[str]) -> list[str]:
    return [topic for topic in map(str.strip, re.split(r",", " ".join(words))) if topic]
