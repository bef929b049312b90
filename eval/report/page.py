"""A report goes in, one HTML page comes out that holds all it needs: no script, no file beside it, no network."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup

from eval.report import plots
from eval.report.text import about, interval, number
from eval.report.values import SECTIONS, Record, Report, Row, Source
from index.language import Language, say

HEADLINES = (
    *("grounding.right", "grounding.fact recall", "grounding.citation recall", "grounding.quotes literal"),
    *("refusal.macro F1", "refusal.false answers, near misses", "retrieval.nDCG@10", "performance.answer p95"),
)
_GRAVITY = ("not_literal", "false_answer", "other_passage", "facts_missing", "refused", "other_source", "")
_MOST_WORST = 60
_COLUMNS = ("nDCG@10", "fact recall", "citation recall")


def page(report: Report, language: Language, growth: str = "") -> str:
    """Return the whole page as text; `growth` is our own picture (SVG) of how figures grow with the collection."""

    def tell(key: str, **fields: object) -> str:
        return say(f"evaluate.{key}", language, **fields)

    style = (files("eval") / "report" / "page.css").read_text(encoding="utf-8")
    sections = [section for section in SECTIONS if any(_is_shown(row, section) for row in report.rows)]
    parts = [
        _head(report, language),
        _cards(report, language),
        _kinds(report, language),
        _curves(report, language),
        Markup().join(_section(report, section, language) for section in sections),
        _growth(growth, language),
        _worst(report, language),
        _all(report, language),
        _settings(report, language),
    ]
    links = [("kinds", tell("by_kind")), ("curves", tell("curves"))] if report.records else []
    links += [(f"s-{section}", tell(f"section_{section}")) for section in sections]
    links += [("growth", tell("growth"))] if growth else []
    links += [("worst", tell("worst")), ("all", tell("all_questions")), ("settings", tell("settings"))]
    nav = Markup("<nav>{}</nav>").format(
        Markup().join(Markup('<a href="#{}">{}</a>').format(place, name) for place, name in links)
    )
    return str(
        Markup(
            '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" '
            'content="width=device-width, initial-scale=1"><title>{}</title><style>{}</style></head>'
            "<body><main>{}{}{}</main></body></html>\n"
        ).format(language, tell("title"), Markup(style), parts[0], nav, Markup().join(parts[1:]))
    )


def _head(report: Report, language: Language) -> Markup:
    made = say(
        "evaluate.made",
        language,
        date=report.made.replace("T", " ")[:16],
        seconds=round(report.seconds),
        **{name: report.store.get(name, "?") for name in ("generation", "documents", "passages")},
    )
    notes = Markup().join(Markup('<p class="soft">{}</p>').format(note) for note in report.notes)
    return Markup('<h1>{}</h1><p>{}</p><p class="soft">{}</p>{}').format(
        say("evaluate.title", language), made, say("evaluate.passages_stand", language), notes
    )


def _cards(report: Report, language: Language) -> Markup:
    rows = [row for key in HEADLINES if (row := report.row(key)) is not None and row.value is not None]
    card = Markup('<div class="card"><span>{}</span><b>{}</b><span>{}</span><span>{}</span></div>')
    return Markup('<div class="cards">{}</div>').format(
        Markup().join(
            card.format(row.name, f"{number(row, row.value)} {row.unit}", interval(row), about(row.name, language))
            for row in rows
        )
    )


def _section(report: Report, section: str, language: Language) -> Markup:
    rows = [row for row in report.rows if _is_shown(row, section)]
    has_parts = any(row.part for row in rows)
    heads = ["measure", *(["part"] if has_parts else []), "value", "interval", "", "count", ""]
    head = _heads([f"column_{name}" if name else "" for name in heads], language)
    body = Markup().join(_row(row, language, has_parts=has_parts) for row in rows)
    return Markup(
        '<h2 id="s-{}">{}</h2><div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(section, say(f"evaluate.section_{section}", language), head, body)


def _heads(keys: Sequence[str], language: Language) -> Markup:
    """Return the cells at the head of a table; a column without a name has no heading."""
    numbers = ("column_value", "column_interval", "column_count")
    return Markup().join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="n"') if key in numbers else "", say(f"evaluate.{key}", language)
        )
        if key
        else Markup("<td></td>")
        for key in keys
    )


def _row(row: Row, language: Language, *, has_parts: bool) -> Markup:
    part = Markup('<td class="part">{}</td>').format(row.part or "") if has_parts else ""
    drawn = Markup()
    if row.value is not None and not row.unit and row.better != "neither" and abs(row.value) <= 1:
        is_change = row.name.startswith(("change", "gain", "CRAG"))
        drawn = (plots.change if is_change else plots.whisker)(row.low, row.value, row.high)
    tail = row.remark or about(row.name, language)
    if row.better == "lower" and not row.unit:
        tail = f"{tail} ({say('evaluate.lower_better', language)})"
    return Markup(
        '<tr><th scope="row">{}</th>{}<td class="n">{}</td><td class="n">{}</td><td>{}</td><td class="n">{}</td>'
        '<td class="about">{}</td></tr>'
    ).format(row.name, part, f"{number(row, row.value)} {row.unit}", interval(row), drawn, row.count, tail)


def _kinds(report: Report, language: Language) -> Markup:
    rows = [row for row in report.rows if row.section == "grounding" and row.name == "right" and row.part]
    if not rows:
        return Markup()
    body = Markup().join(
        Markup(
            '<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td><td>{}</td><td class="n">{}</td></tr>'
        ).format(
            row.part, number(row, row.value), interval(row), plots.whisker(row.low, row.value or 0, row.high), row.count
        )
        for row in rows
    )
    head = _heads(("column_kind", "column_value", "column_interval", "", "column_count"), language)
    return Markup(
        '<h2 id="kinds">{}</h2><div class="scroll"><table class="narrow"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(say("evaluate.by_kind", language), head, body)


def _curves(report: Report, language: Language) -> Markup:
    points, rows = report.curves.get("risk coverage", ()), report.curves.get("calibration", ())
    if not points:
        return Markup()

    def tell(key: str) -> str:
        return say(f"evaluate.{key}", language)

    base = report.curves.get("base risk", ((0.0,),))[0][0]
    drawn = (
        (
            "risk_coverage",
            plots.risk_coverage(points, base, (tell("coverage_axis"), tell("risk_axis")), tell("risk_coverage")),
        ),
        ("calibration", plots.calibration(rows, (tell("chance_axis"), tell("share_axis")), tell("calibration"))),
    )
    figures = Markup().join(
        Markup("<figure>{}<figcaption><b>{}.</b> {}</figcaption></figure>").format(
            svg, tell(name), tell(f"{name}_about")
        )
        for name, svg in drawn
    )
    return Markup('<h2 id="curves">{}</h2><div class="plots">{}</div>').format(tell("curves"), figures)


def _growth(picture: str, language: Language) -> Markup:
    if not picture:
        return Markup()
    return Markup('<h2 id="growth">{}</h2><figure class="scroll">{}<figcaption>{}</figcaption></figure>').format(
        say("evaluate.growth", language), Markup(picture), say("evaluate.growth_about", language)
    )


def _worst(report: Report, language: Language) -> Markup:
    bad = sorted((r for r in report.records if r.wrong), key=lambda record: _GRAVITY.index(record.wrong))
    intro = say("evaluate.worst_about" if bad else "evaluate.worst_none", language)
    cases = Markup().join(_case(record, language) for record in bad[:_MOST_WORST])
    return Markup('<h2 id="worst">{} ({})</h2><p>{}</p>{}').format(
        say("evaluate.worst", language), len(bad), intro, cases
    )


def _case(record: Record, language: Language) -> Markup:
    def tell(key: str) -> str:
        return say(f"evaluate.{key}", language)

    pairs = [
        (tell("answer"), record.answer or tell("no_answer")),
        (tell("facts"), " · ".join(record.facts) or "–"),
        (tell("gold"), _names(record.gold)),
        (tell("cited"), _sources(record.cited) or "–"),
        (tell("found"), _sources(record.found, "ol") or "–"),
    ]
    if record.chance is not None:
        pairs.append((tell("chance"), f"{record.chance:.2f}"))
    terms = Markup().join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in pairs)
    return Markup(
        '<details class="case"><summary><b>{}</b> <span class="soft">{} · {} · {}</span>'
        '<span class="why">{}</span></summary><dl>{}</dl></details>'
    ).format(record.question, record.set, record.id, record.kind, tell(f"wrong_{record.wrong}"), terms)


def _names(names: Sequence[str]) -> Markup:
    return Markup(", ").join(Markup("<code>{}</code>").format(name) for name in names) or Markup("–")


def _sources(sources: Sequence[Source], tag: str = "ul") -> Markup:
    if not sources:
        return Markup()
    items = Markup().join(
        Markup("<li>{}, {} <code>{}</code>{}</li>").format(
            source.title,
            source.label,
            source.passage,
            Markup("<blockquote>{}</blockquote>").format(source.quote) if source.quote else "",
        )
        for source in sources
    )
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), items)


def _all(report: Report, language: Language) -> Markup:
    def tell(key: str) -> str:
        return say(f"evaluate.{key}", language)

    names = [tell(f"column_{name}") for name in ("set", "question", "kind", "outcome")]
    head = Markup().join(Markup('<th scope="col">{}</th>').format(name) for name in (*names, *_COLUMNS))
    body = Markup().join(
        Markup(
            '<tr><td class="part">{} {}</td><td>{}</td><td class="part">{}</td><td class="{}">{}</td>{}</tr>'
        ).format(
            record.set,
            record.id,
            record.question,
            record.kind,
            "no" if record.wrong else "yes",
            tell(f"wrong_{record.wrong}") if record.wrong else tell("good"),
            Markup().join(Markup('<td class="n">{}</td>').format(_score(record, name)) for name in _COLUMNS),
        )
        for record in report.records
    )
    return Markup(
        '<h2 id="all">{}</h2><div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(tell("all_questions"), head, body)


def _settings(report: Report, language: Language) -> Markup:
    pairs = {**report.settings, **report.versions, **{f"store {name}": value for name, value in report.store.items()}}
    body = Markup().join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in pairs.items())
    return Markup('<h2 id="settings">{}</h2><dl>{}</dl>').format(say("evaluate.settings", language), body)


def _score(record: Record, name: str) -> str:
    return f"{record.scores[name]:.2f}" if name in record.scores else ""


def _is_shown(row: Row, section: str) -> bool:
    return (
        row.section == section
        and row.value is not None
        and not (row.name == "right" and row.part and section == "grounding")
    )
