#!/usr/bin/env python3
"""Writes submissions of made-up visits, as many as asked, for the people of a demonstration: visits.py VISITS PEOPLE FOLDER"""
import datetime
import pathlib
import sys

EACH = 100_000  # a file


def nhs_number(index):  # as reports/demo/generator.cpp numbers its people
    n = 999_100_000 + index * 2
    while True:
        nine = str(n)
        check = (11 - sum(int(digit) * (10 - i) for i, digit in enumerate(nine)) % 11) % 11
        if check != 10:
            return nine + str(check)
        n += 1


def visit(number, people):
    day = datetime.date(2026, 11, 1) - datetime.timedelta(days=number // people)
    return (f'<visit xmlns="urn:answerable:visit:1" id="V-{number}"><person scheme="nhs-number">{nhs_number(number % people)}</person>'
            f'<planned on="{day}" start="09:00" minutes="30"/><actual on="{day}" start="09:02" minutes="30"/></visit>')


def main():
    visits, people, folder = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    for first in range(0, visits, EACH):
        with open(folder / f"visits-{first}.xml", "w", encoding="utf-8") as out:
            out.write('<submission xmlns="urn:answerable:submission:1"><header>'
                      f'<messageId>VISITS-{first}</messageId><sender scheme="ods" code="R9Z">Demonstration Partnership NHS Trust</sender>'
                      '<authority scheme="cassr" code="999">Demonstration Council</authority><agreement>S75-DPT</agreement>'
                      '<createdAt>2026-11-02T08:00:00Z</createdAt><sourceSystem>bench</sourceSystem></header><records>')
            for number in range(first, min(first + EACH, visits)):
                out.write(visit(number, people))
            out.write('</records></submission>')


main()
