"""Sensitive facts: unreadable in the database, in history, in another row, and once the key is gone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from stapsteen.core import crypto
from stapsteen.core.models import History, ServiceKey, StoredFile
from stapsteen.people.models import Person, SensitiveFact
from stapsteen.testing.world import inside, make_person

pytestmark = pytest.mark.django_db
SECRET = "suikerziekte type 2"


def make_fact(text: str = SECRET) -> SensitiveFact:
    return SensitiveFact.objects.create(
        person=make_person(), kind="health", text=text, purpose="safe work", starts_on=date(2025, 1, 1)
    )


def stored(fact: SensitiveFact) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM people_sensitivefact WHERE id = %s", [fact.pk])
        return bytes(cursor.fetchone()[0])


def test_the_database_holds_only_sealed_bytes_and_the_row_opens_them(service: Any) -> None:
    with inside(service):
        fact = make_fact()
        assert SECRET.encode() not in stored(fact)
        assert SensitiveFact.objects.get(pk=fact.pk).text == SECRET


def test_saving_another_column_keeps_the_sealed_value(service: Any) -> None:
    with inside(service):
        fact = SensitiveFact.objects.get(pk=make_fact().pk)
        before = stored(fact)
        fact.purpose = "other"
        fact.save()
        assert stored(fact) == before


def test_history_keeps_it_sealed_too(service: Any) -> None:
    with inside(service):
        fact = make_fact()
        fact.text = "anders"
        fact.save()
        old = History.objects.get(table="people_sensitivefact", action="update").old
        assert "text" in old
        assert SECRET not in str(old)


def test_a_value_moved_to_another_row_does_not_open(service: Any) -> None:
    with inside(service):
        one, two = make_fact(), make_fact("b")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_sensitivefact SET text = %s WHERE id = %s", [stored(one), two.pk])
        with pytest.raises(crypto.Unreadable):
            _ = SensitiveFact.objects.get(pk=two.pk).text


def test_a_changed_byte_does_not_open(service: Any) -> None:
    with inside(service):
        fact = make_fact()
        broken = stored(fact)[:-1] + bytes([stored(fact)[-1] ^ 1])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_sensitivefact SET text = %s WHERE id = %s", [broken, fact.pk])
        with pytest.raises(crypto.Unreadable):
            _ = SensitiveFact.objects.get(pk=fact.pk).text


def test_services_have_different_keys_and_a_second_number_is_used_for_new_values(service: Any) -> None:
    with inside(service):
        old = make_fact()
        number, key = max(crypto.master_keys().items())
        wrapped = crypto.seal(key, number, b"k" * 32, f"{service.pk}/key/2")
        ServiceKey.objects.create(number=2, wrapped=wrapped)
        new = make_fact("nieuw")
        assert (crypto.number_of(stored(old)), crypto.number_of(stored(new))) == (1, 2)
        assert [f.text for f in SensitiveFact.objects.order_by("id")] == [SECRET, "nieuw"]


def test_without_the_key_the_value_is_gone(service: Any) -> None:
    with inside(service):
        made = make_fact().pk
    with inside(service):
        fact = SensitiveFact.objects.get(pk=made)
        keyless = crypto.service_keys
        try:
            crypto.service_keys = lambda service_id: {}  # type: ignore[assignment]
            with pytest.raises(crypto.Unreadable):
                _ = fact.text
        finally:
            crypto.service_keys = keyless


def test_encrypted_columns_cannot_be_searched_or_serialised(service: Any) -> None:
    with inside(service):
        fact = make_fact()
        with pytest.raises(TypeError):
            SensitiveFact.objects.filter(text="x").exists()
        with pytest.raises(TypeError):
            SensitiveFact._meta.get_field("text").value_to_string(fact)


def test_the_blind_index_finds_equal_values_of_one_service_only(service: Any, other_service: Any) -> None:
    with inside(service):
        one = crypto.blind_index(service.pk, "insz", "85073003328")
        assert one == crypto.blind_index(service.pk, "insz", "85073003328")
        assert one != crypto.blind_index(service.pk, "other", "85073003328")
    with inside(other_service):
        assert one != crypto.blind_index(other_service.pk, "insz", "85073003328")


def test_files_are_sealed_and_deferred_values_load_when_asked(service: Any) -> None:
    with inside(service):
        made = StoredFile.objects.create(name="a.xlsx", content_type="x", content=b"PK\x03")
        assert StoredFile.objects.get(pk=made.pk).content == b"PK\x03"
        assert StoredFile.objects.defer("content").get(pk=made.pk).content == b"PK\x03"


def test_a_master_key_of_the_wrong_size_is_named() -> None:
    with override_settings(MASTER_KEYS="7:YWJj"), pytest.raises(ValueError, match="Master key 7"):
        crypto.master_keys()


def test_none_stays_none(service: Any) -> None:
    from stapsteen.people.models import Person

    with inside(service):
        assert Person.objects.get(pk=make_person().pk).insz is None
        assert SensitiveFact.text.field.attname == "text"


def key_reads(queries: Any) -> int:
    return sum('FROM "core_servicekey"' in query["sql"] for query in queries)


def test_many_values_read_the_keys_once(service: Any) -> None:
    with inside(service):
        make_fact()
    with inside(service), CaptureQueriesContext(connection) as written:
        facts = [make_fact(f"{number}") for number in range(5)]
    with inside(service), CaptureQueriesContext(connection) as read:
        texts = {SensitiveFact.objects.get(pk=fact.pk).text for fact in facts}
        make_fact()
    assert (key_reads(written), key_reads(read), texts) == (1, 1, {"0", "1", "2", "3", "4"})


def test_a_first_key_that_was_rolled_back_is_not_used_again(service: Any) -> None:
    """An import takes back a row that breaks a rule: with it goes the key that this row made."""
    with inside(service):
        for _ in range(2):
            with pytest.raises(RuntimeError), transaction.atomic():
                make_fact("taken back")
                make_fact("taken back too")
                raise RuntimeError
        fact = make_fact()
    with inside(service):
        assert SensitiveFact.objects.get(pk=fact.pk).text == SECRET
        assert ServiceKey.objects.count() == 1


def test_whether_there_is_a_value_can_be_asked(service: Any) -> None:
    with inside(service):
        with_number, without = make_person(), make_person()
        with_number.insz = "85073003328"
        with_number.save()
        assert list(Person.objects.filter(insz__isnull=True)) == [without]
        assert list(Person.objects.filter(insz__isnull=False)) == [with_number]
