#!/usr/bin/env python3
"""Compares what `answerable replay --format json` found with what the ombudsman decided.

usage: score.py [--markdown] [--at-least P] REPLAY.json CASE.json...

found        a fault of a kind that a machine can check, for which the replay has a finding of that kind: of the same actor
             where the case names one, or one for which the council answers
false alarm  a kind that the case lists as no fault and not as a fault, for which the replay has a finding
warning      days from the earliest finding of the kind to the decision (where the day is known; the first day of a month or year)
extra        a finding of any other kind: the cases are openings of decisions, so an extra is not by itself wrong

A reader's answers are scored in the same way: findings without rule and day, each with how likely the reader held it ("p").
"""

import argparse
import datetime
import json
import statistics
import sys

NOT_CHECKABLE = {
    "communication_poor", "care_quality_poor", "other", "assessment_inaccurate", "care_plan_inadequate",
    "complaint_response_inadequate", "personal_budget_insufficient",
}

# The rule that takes a sender at its word: what a chronology marks as late, missing or contradicted.
OWN_ACCOUNT = "records.own_account"


def first_day(text):
    """The first day that a day, month or year can mean; None for none."""
    if not text:
        return None
    parts = [int(part) for part in str(text).split("-")]
    return datetime.date(*(parts + [1, 1])[:3])


def last_day(text):
    first = first_day(text)
    if first is None:
        return None
    size = len(str(text).split("-"))
    if size == 1:
        return datetime.date(first.year, 12, 31)
    if size == 2:
        return (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)
    return first


def score_case(case, replay, at_least=0):
    """What became of each fault of one case, and what was found besides."""
    found = [f for f in replay["findings"] if f.get("p", 1) >= at_least]
    kinds = {finding["kind"] for finding in found}
    fault_kinds = {fault["kind"] for fault in case.get("faults") or []}
    decided = first_day(case.get("decided"))
    faults = []
    for fault in case.get("faults") or []:
        kind = fault["kind"]
        if kind in NOT_CHECKABLE:
            continue
        matching = [f for f in found if f["kind"] == kind
                    and (not fault.get("actor") or f["actor"] == fault["actor"] or f.get("accountable", True))]
        flagged = min((first_day(f["first_flagged"]) for f in matching if "first_flagged" in f), default=None)
        period = fault.get("period") or [None, None]
        begins, ends = first_day(period[0]), last_day(period[1])
        overlaps = None
        if flagged is not None and begins:
            overlaps = flagged >= begins and (ends is None or flagged <= ends + datetime.timedelta(days=366))
        faults.append({
            "kind": kind, "found": bool(matching), "same_actor": any(f["actor"] == fault.get("actor") for f in matching),
            "own_word": bool(matching) and all(f.get("rule") == OWN_ACCOUNT for f in matching),
            "first_flagged": flagged, "warning": (decided - flagged).days if decided and flagged else None, "in_period": overlaps,
        })
    no_fault = {n["kind"] for n in case.get("no_fault") or []} - NOT_CHECKABLE - fault_kinds
    return {
        "ref": case.get("ref"), "council": case.get("council"), "faults": faults, "no_fault": sorted(no_fault),
        "false_alarms": sorted(no_fault & kinds), "extras": sorted(kinds - fault_kinds - no_fault), "held": replay.get("held", 0),
    }


def totals(cases):
    faults = [fault for case in cases for fault in case["faults"]]
    warnings = [fault["warning"] for fault in faults if fault["warning"] is not None]
    by_kind = {}
    for fault in faults:
        tally = by_kind.setdefault(fault["kind"], [0, 0])
        tally[0] += fault["found"]
        tally[1] += 1
    extras = {}
    for case in cases:
        for kind in case["extras"]:
            extras[kind] = extras.get(kind, 0) + 1
    return {
        "cases": len(cases), "faults": len(faults), "found": sum(fault["found"] for fault in faults),
        "own_word": sum(fault["own_word"] for fault in faults),
        "no_fault": sum(len(case["no_fault"]) for case in cases), "false_alarms": sum(len(case["false_alarms"]) for case in cases),
        "median_warning": statistics.median(warnings) if warnings else None, "warnings": len(warnings),
        "by_kind": dict(sorted(by_kind.items())), "extras": dict(sorted(extras.items(), key=lambda item: -item[1])),
    }


def percent(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "none to find"


def days(number):
    return "unknown" if number is None else f"{number:,.0f} days"


def print_text(cases, sums):
    for case in cases:
        print(f"{case['ref']}  {case['council']}")
        for fault in case["faults"]:
            mark = "found " if fault["found"] else "MISSED"
            when = f"  since {fault['first_flagged']}, {days(fault['warning'])} before the decision" if fault["first_flagged"] else ""
            outside = "  (outside the fault's period)" if fault["in_period"] is False else ""
            print(f"  {mark}  {fault['kind']}{when}{outside}")
        for kind in case["no_fault"]:
            print(f"  {'FALSE ALARM' if kind in case['false_alarms'] else 'no alarm   '}  {kind}: found to be no fault")
        if case["extras"]:
            print(f"  besides: {', '.join(case['extras'])}")
        if case["held"]:
            print(f"  {case['held']} records could not be taken in")
    print("\nby kind of fault (found of all):")
    for kind, (found, all_of_it) in sums["by_kind"].items():
        print(f"  {found:3} of {all_of_it:<3} {kind}")
    print(f"\n{sums['cases']} cases. Faults a machine can check: {sums['found']} of {sums['faults']} found ({percent(sums['found'], sums['faults'])}).")
    print(f"Of those {sums['own_word']} rest on the sender's own word alone (marked late, missing or contradicted), the others on a rule of law or guidance.")
    print(f"False alarms: {sums['false_alarms']} on {sums['no_fault']} heads found to be no fault.")
    print(f"Warning: median {days(sums['median_warning'])} before the decision ({sums['warnings']} with a known day).")
    print("Besides, by kind (cases): " + (", ".join(f"{kind} {number}" for kind, number in sums["extras"].items()) or "nothing") + ".")


def print_markdown(cases, sums):
    print("| case | council | found | missed | false alarms | earliest warning |")
    print("|---|---|---|---|---|---|")
    for case in cases:
        found = sorted({f["kind"] for f in case["faults"] if f["found"]})
        missed = sorted({f["kind"] for f in case["faults"] if not f["found"]})
        warning = max((f["warning"] for f in case["faults"] if f["warning"] is not None), default=None)
        cells = [case["ref"], case["council"], ", ".join(found) or "none to find" if found or not missed else "",
                 ", ".join(missed), ", ".join(case["false_alarms"]), days(warning) if warning is not None else ""]
        print("| " + " | ".join(cells) + " |")
    print(f"\n{sums['found']} of {sums['faults']} faults that a machine can check were found ({percent(sums['found'], sums['faults'])}), "
          f"{sums['own_word']} of them on the sender's own word alone; {sums['false_alarms']} false alarms on {sums['no_fault']} heads found to be no fault; "
          f"median warning {days(sums['median_warning'])} before the decision.")


def load(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--markdown", action="store_true", help="a table for the README")
    parser.add_argument("--json", action="store_true", help="the totals, for tests")
    parser.add_argument("--at-least", type=float, default=0, help="leave out what a reader held less likely")
    parser.add_argument("replay")
    parser.add_argument("cases", nargs="+")
    options = parser.parse_args()
    replayed = {case["ref"]: case for case in load(options.replay)["cases"]}
    cases = []
    for name in options.cases:
        case = load(name)
        if case.get("ref") not in replayed:
            print(f"{name}: {case.get('ref')} was not replayed", file=sys.stderr)
            return 1
        cases.append(score_case(case, replayed[case["ref"]], options.at_least))
    sums = totals(cases)
    if options.json:
        print(json.dumps({"totals": sums, "cases": cases}, default=str))
    elif options.markdown:
        print_markdown(cases, sums)
    else:
        print_text(cases, sums)
    return 0


if __name__ == "__main__":
    sys.exit(main())
