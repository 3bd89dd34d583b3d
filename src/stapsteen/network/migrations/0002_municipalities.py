"""The 565 municipalities of 2025 with the names that merged into them (data/README.md has the sources)."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parents[4] / "data"


def load(apps, schema_editor):
    municipality = apps.get_model("network", "Municipality")
    former: dict[str, list[str]] = {}
    with (DATA / "mergers-2025.csv").open() as file:
        for row in csv.DictReader(file):
            if row["former_name"] != row["name"]:
                former.setdefault(row["nis"], []).append(row["former_name"])
    with (DATA / "municipalities.csv").open() as file:
        municipality.objects.bulk_create(
            municipality(
                nis=row["nis"],
                name=row["name_nl"] or row["name_fr"],
                name_fr=row["name_fr"],
                province=row["province_nl"],
                region=row["region_nl"],
                postal_codes=row["postal_codes"].split(),
                former_names=former.get(row["nis"], []),
                latitude=float(row["lat"]) if row["lat"] else None,
                longitude=float(row["lon"]) if row["lon"] else None,
            )
            for row in csv.DictReader(file)
        )


def empty(apps, schema_editor):
    apps.get_model("network", "Municipality").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]
    operations = [migrations.RunPython(load, empty)]
