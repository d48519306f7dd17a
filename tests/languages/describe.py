"""Writes a program as plain tables, to compare with the expected ones beside each case."""

from __future__ import annotations

from gamebook_lab.story.program import Choice, Program, Slot, Span


def describe(text: str, program: Program) -> dict[str, list[str]]:
    """One line for each record; spans are shown as the text that they cover."""

    def cut(span: Span | None) -> str:
        return "" if span is None else f"`{text[span.start : span.stop]}`"

    def slot(slot: Slot | None) -> str:
        return "" if slot is None else f"{cut(slot.span)} {slot.quoting}"

    def choice(found: Choice) -> str:
        parts = [f"{found.kind} at {cut(found.span)}"]
        if found.target is not None:
            parts.append(f"to {found.target} {slot(found.target_slot)}")
        if found.label is not None:
            parts.append(f"label {found.label} {slot(found.label_slot)}".rstrip())
        parts += [f"if {condition}" for condition in found.conditions]
        parts += [f"then {effect}" for effect in found.effects]
        return " | ".join(parts + (["once"] if found.is_once else []))

    tables = {
        "choices": [choice(found) for found in program.choices],
        "references": [
            f"{found.name} {slot(found.slot)}{' required' * found.is_required}{' may lead' * found.may_lead}"
            for found in program.references
        ],
        "accesses": [
            " ".join(
                part
                for part in (
                    found.kind.value, found.variable, cut(found.span), "temporary" * found.is_temporary,
                    "condition" * found.is_condition, f"value {found.value}" if found.value is not None else "",
                    f"into {found.flows_to}" if found.flows_to else "",
                )
                if part
            )
            for found in program.accesses
        ],
        "opaques": [f"{found.what} {cut(found.span)}{' may move' * found.may_move}" for found in program.opaques],
        "problems": [f"{found.message} at {cut(found.span)}: {found.hint}" for found in program.problems],
        "prose": [text[start:stop].strip() for start, stop in program.prose],
        "definitions": list(program.definitions),
    }  # fmt: skip
    return {name: rows for name, rows in tables.items() if rows}
