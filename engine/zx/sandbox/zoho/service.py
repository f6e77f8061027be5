"""Routes of the simulated Zoho CRM, and what a person may do to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request, Response

from zx.catalog.schema import Catalogue
from zx.sandbox.errors import UnknownRecord
from zx.sandbox.folder import Data
from zx.sandbox.store import Store
from zx.sandbox.zoho import (
    coql,
    editing,
    errors,
    metadata,
    oauth,
    organisation,
    reading,
    scopes,
    search,
    upserting,
    writing,
)
from zx.sandbox.zoho.checks import id_text
from zx.sandbox.zoho.organisation import Organisation
from zx.sandbox.zoho.schema import MODULES, Module, display_name
from zx.values.jsontext import dumps, loads

_CREDITS = 50_000  # a day (reference/zoho 6.1, Standard)
_AT_ONCE = 10  # calls in hand (reference/zoho 6.1, Standard)
_BASE = "crm/v8"
_TRIGGERS = frozenset({"workflow", "approval", "blueprint", "pathfinder", "orchestration"})
_WORD_KINDS = frozenset({"text", "email", "phone", "website", "picklist", "autonumber", "textarea"})


class ZohoService:
    """One organisation. Every public method runs inside a transaction of the store."""

    def __init__(self, store: Store, catalogue: Catalogue, *, limits: bool, per_day: int | None = None) -> None:
        self._store = store
        self._catalogue = catalogue
        self._limits = limits
        self._per_day = _CREDITS if per_day is None else per_day
        self._unique: dict[str, tuple[str, ...]] | None = None
        store.keys = self._keys

    def load(self, data: Data) -> None:
        self._unique = None
        organisation.load(self._store, self._catalogue, data)
        self._unique = None
        for module in MODULES:  # custom fields are known only now: index the unique ones
            for record in self._store.all(module):
                self._store.put(module, record["id"], record)

    def credentials(self) -> dict[str, str]:
        return oauth.credentials(self._store)

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        org = Organisation(self._store, self._catalogue)
        result: dict[str, list[dict[str, Any]]] = {
            name: [reading.full(org, org.schema.modules[name], record) for record in self._store.all(name)]
            for name in MODULES
        }
        for name in ("taxes", "currencies", "org"):
            result[name] = self._store.all(name)
        return result

    def edit(self, collection: str, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        org = Organisation(self._store, self._catalogue)
        module = org.schema.module(collection)
        if module is None or module.parent is not None:
            raise UnknownRecord(f"Zoho has no collection {collection}; there are {', '.join(MODULES)}")
        record = editing.edit(org, module, record_id, fields)
        return reading.full(org, module, record)

    def answer(self, request: Request) -> Response:
        headers: dict[str, str] = {"Cache-Control": "no-store"}
        try:
            status, body = self._route(request, headers)
        except errors.Refusal as refusal:
            status, body = refusal.status, refusal.body()
        if isinstance(body, str):
            return Response("", status, headers=[("Location", body)])
        if body is None:
            response = Response("", status)
            response.headers.pop("Content-Type", None)
        else:
            response = Response(dumps(body), status, content_type="application/json;charset=UTF-8")
        response.headers.update(headers)
        return response

    def _route(self, request: Request, headers: dict[str, str]) -> tuple[int, Any]:
        path = request.path.strip("/")
        if path.startswith("oauth/v2/"):
            return self._oauth(request, path.removeprefix("oauth/v2/"))
        if path != _BASE and not path.startswith(f"{_BASE}/"):
            raise errors.bad_url()
        token = oauth.signed_in(self._store, request.headers.get("Authorization"))
        parts = [part for part in path.removeprefix(_BASE).split("/") if part]
        if not scopes.allowed(token.scope, request.method, parts):
            raise errors.bad_scope()
        org = Organisation(self._store, self._catalogue)
        headers["X-ACCESSTOKEN-RESET"] = org.moment_text(datetime.fromtimestamp(token.expires, UTC))
        if self._limits and int(request.environ.get("zx.at_once", 1)) > _AT_ONCE:
            raise errors.too_many("Too many requests: the limit of concurrency is reached. Please try again later.")
        self._count(headers)
        params = request.args.to_dict()
        if parts and parts[0] in ("settings", "org", "users"):
            if request.method != "GET":
                raise errors.bad_method()
            return 200, self._metadata(org, parts, params)
        if parts == ["coql"]:
            if request.method != "POST":
                raise errors.bad_method()
            return _query(org, request)
        return _Records(org, request, params).answer(parts)

    def _oauth(self, request: Request, action: str) -> tuple[int, Any]:
        given = {**request.args.to_dict(), **request.form.to_dict()}
        if action == "token" and request.method == "POST":
            base = request.host_url.rstrip("/")
            return oauth.token_answer(self._store, given, base, limits=self._limits)
        if action == "token/revoke" and request.method == "POST":
            return oauth.revoke(self._store, given.get("token", ""))
        if action == "auth" and request.method == "GET":
            back = given.get("redirect_uri", "")
            if urlsplit(back).hostname not in ("127.0.0.1", "localhost"):
                return 200, {"error": "invalid_redirect_uri"}
            query = {
                "state": given.get("state", ""),
                "code": oauth.new_code(self._store, given.get("scope", "")),
                "location": "us",
                "accounts-server": request.host_url.rstrip("/"),
            }
            return 302, f"{back}?{urlencode(query)}"
        raise errors.bad_url()

    def _metadata(self, org: Organisation, parts: list[str], params: Mapping[str, str]) -> Any:
        match parts:
            case ["settings", "modules"]:
                return metadata.modules(org, None)
            case ["settings", "modules", name]:
                return metadata.modules(org, name)
            case ["settings", "fields"]:
                return metadata.fields(org, params)
            case ["org"]:
                return metadata.org(org)
            case ["org", "taxes"]:
                return metadata.taxes(org)
            case ["org", "currencies"]:
                return metadata.currencies(org)
            case ["users"]:
                return metadata.users(org, params)
        raise errors.bad_url()

    def _count(self, headers: dict[str, str]) -> None:
        """Counts a call against the day's credits and tells what is left once half is used (reference/zoho 6.3). It is
        refused only where limits are on."""
        day = f"day {int(self._store.now().timestamp() // 86_400)}"
        ((made,),) = self._store.execute(
            "INSERT INTO calls VALUES (?, 1) ON CONFLICT (window) DO UPDATE SET made = made + 1 RETURNING made", (day,)
        )
        if made * 2 >= self._per_day:
            # A sandbox that refuses nothing has always something left.
            left = max(self._per_day - made, 0 if self._limits else self._per_day // 5)
            headers["X-API-CREDITS-REMAINING"] = str(left)
        if self._limits and made > self._per_day:
            raise errors.too_many("Too many requests: the credits of 24 hours are used. Please try again later.")

    def _keys(self, collection: str, body: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What unique fields hold, so that a duplicate is found without reading every record."""
        if collection not in MODULES:
            return []
        if self._unique is None:
            schema = Organisation(self._store, self._catalogue).schema if self._store.meta("fields") else None
            if schema is None:
                return []
            self._unique = {
                name: tuple(field.name for field in module.fields.values() if field.unique)
                for name, module in schema.modules.items()
            }
        return [
            (name, str(body[name]).casefold()) for name in self._unique[collection] if body.get(name) not in (None, "")
        ]


def _query(org: Organisation, request: Request) -> tuple[int, Any]:
    """COQL reads the database: what was just written is found (reference/zoho 4.11)."""
    try:
        body = loads(request.get_data())
    except (ValueError, RecursionError):
        raise errors.Refusal("INVALID_DATA", "invalid data", expected_data_type="jsonobject") from None
    text = body.get("select_query") if isinstance(body, Mapping) else None
    if not isinstance(text, str):
        raise errors.mandatory("select_query", "$.select_query")
    query = coql.parse_query(text, org.schema)
    rows, more = coql.run_query(query, org.store.all(query.module.name))
    return (200, {"data": rows, "info": {"count": len(rows), "more_records": more}}) if rows else (204, None)


class _Records:
    """The record endpoints of one request."""

    def __init__(self, org: Organisation, request: Request, params: Mapping[str, str]) -> None:
        self._org = org
        self._store = org.store
        self._request = request
        self._params = params

    def answer(self, parts: list[str]) -> tuple[int, Any]:
        module = self._org.schema.module(parts[0]) if parts else None
        if module is None:
            raise errors.bad_module()
        if module.parent is not None:
            raise errors.Refusal("API_NOT_SUPPORTED", "api not supported for the module", supported_version="none")
        method = self._request.method
        match method, parts[1:]:
            case "GET", []:
                return self._list(module)
            case "GET", ["search"]:
                return self._search(module)
            case "GET", ["deleted"]:
                return self._deleted(module)
            case "GET", ["actions", "count"]:
                return 200, {"count": len(self._matching(module) or [])}
            case "GET", [record_id]:
                return self._one(module, record_id)
            case "POST", []:
                return self._batch(module, self._insert)
            case "POST", ["upsert"]:
                return self._batch(module, self._upsert)
            case "PUT", []:
                return self._batch(module, self._update)
            case "PUT", [record_id]:
                return self._batch(module, self._update, record_id)
            case "DELETE", []:
                ids = [part.strip() for part in self._params.get("ids", "").split(",") if part.strip()]
                if not ids:
                    raise errors.param_missing("ids")
                return self._delete(module, ids)
            case "DELETE", [record_id]:
                return self._delete(module, [record_id])
        if len(parts) <= 2:
            raise errors.bad_method()
        raise errors.bad_url()

    def _list(self, module: Module) -> tuple[int, Any]:
        names = reading.field_names(self._params)
        records = self._store.all(module.name)
        if "ids" in self._params:
            wanted = set(self._params["ids"].split(","))
            records = [record for record in records if record["id"] in wanted]
        since = reading.modified_since(self._request.headers.get("If-Modified-Since"))
        if since is not None:
            records = [record for record in records if datetime.fromisoformat(record["Modified_Time"]) > since]
            if not records:
                return 304, None
        records, sort_by, direction = reading.ordered(module, records, self._params)
        shown, info = reading.list_page(
            self._org, records, self._params, lambda record: reading.thin(self._org, module, record, names)
        )
        if not shown:
            return 204, None
        return 200, {"data": shown, "info": {**info, "sort_by": sort_by, "sort_order": direction}}

    def _one(self, module: Module, record_id: str) -> tuple[int, Any]:
        if not record_id.isdigit():
            raise errors.bad_id(record_id)
        record = self._store.get(module.name, record_id)
        if record is None:
            return 204, None
        shown = reading.full(self._org, module, record)
        if "fields" in self._params:
            names = {*reading.field_names(self._params), "id"}
            shown = {key: value for key, value in shown.items() if key in names}
        return 200, {"data": [shown]}

    def _matching(self, module: Module) -> list[dict[str, Any]] | None:
        """Records that answer the search parameters; None when there is none of them."""
        records = self._store.all(module.name)
        if "criteria" in self._params:
            test = search.criteria_test(self._params["criteria"], module)
        elif "email" in self._params:
            test = search.word_test(module, self._params["email"], frozenset({"email"}))
        elif "phone" in self._params:
            test = search.word_test(module, self._params["phone"], frozenset({"phone", "text"}))
        elif "word" in self._params:
            if len(self._params["word"]) < 2:
                raise errors.bad_param("word", minimum_length=2)
            test = search.word_test(module, self._params["word"], _WORD_KINDS)
        else:
            return None if "actions" not in self._request.path else records
        return [record for record in records if test(record)]

    def _search(self, module: Module) -> tuple[int, Any]:
        found = self._matching(module)
        if found is None:
            raise errors.Refusal(
                "EXPECTED_PARAM_MISSING",
                "one of the expected parameters is missing",
                param_names=["criteria", "email", "phone", "word"],
            )
        page, per_page = reading.page_numbers(self._params)
        if page * per_page > 2000:
            raise errors.Refusal("LIMIT_REACHED", "maximum response iteration limit reached", limit=2000)
        chosen = found[(page - 1) * per_page : page * per_page]
        if not chosen:
            return 204, None
        if "fields" in self._params:
            names = reading.field_names(self._params)
            shown = [reading.thin(self._org, module, record, names) for record in chosen]
        else:
            shown = [reading.without_rows(self._org, module, record) for record in chosen]
        return 200, {"data": shown, "info": self._info(page, per_page, len(shown), len(found))}

    def _deleted(self, module: Module) -> tuple[int, Any]:
        if self._params.get("type", "all") not in ("all", "recycle", "permanent"):
            raise errors.bad_param("type", supported_values=["all", "recycle", "permanent"])
        since = reading.modified_since(self._request.headers.get("If-Modified-Since"))
        rows = []
        for record, at in self._store.deleted(module.name):
            moment = datetime.fromisoformat(at)
            if self._params.get("type") == "permanent" or (since is not None and moment <= since):
                continue
            rows.append(
                {
                    "deleted_by": record.get("$deleted_by"),
                    "id": record["id"],
                    "display_name": display_name(module.name, record),
                    "type": "recycle",
                    "created_by": record.get("Created_By"),
                    "deleted_time": self._org.moment_text(moment),
                }
            )
        page, per_page = reading.page_numbers(self._params)
        chosen = rows[(page - 1) * per_page : page * per_page]
        if not chosen:
            return 204, None
        return 200, {"data": chosen, "info": self._info(page, per_page, len(chosen), len(rows))}

    def _info(self, page: int, per_page: int, count: int, total: int) -> dict[str, Any]:
        return {"per_page": per_page, "count": count, "page": page, "more_records": total > page * per_page}

    def _batch(
        self,
        module: Module,
        one: Callable[[Module, Mapping[str, Any], str, datetime], dict[str, Any]],
        record_id: str | None = None,
    ) -> tuple[int, Any]:
        """Every record of the body on its own: 200 or 201 when all went well, 207 when some did, else 400 or 412."""
        records = self._body()
        if record_id is not None:
            records = [{**records[0], "id": record_id}]
        at = self._store.stamp()
        results, statuses = [], set()
        for position, given in enumerate(records):
            try:
                with self._store.savepoint():
                    results.append(one(module, given, f"$.data[{position}]", at))
                    statuses.add(0)
            except errors.Refusal as refusal:
                results.append(refusal.body())
                statuses.add(refusal.status)
        if statuses == {0}:
            return (201 if one == self._insert else 200), {"data": results}
        if 0 in statuses:
            return 207, {"data": results}
        return (412 if statuses == {412} else 400), {"data": results}

    def _body(self) -> list[Mapping[str, Any]]:
        try:
            body = loads(self._request.get_data())
        except (ValueError, RecursionError):
            raise errors.Refusal("INVALID_DATA", "invalid data", expected_data_type="jsonobject") from None
        if not isinstance(body, Mapping) or "data" not in body:
            raise errors.mandatory("data", "$.data")
        records = body["data"]
        if not isinstance(records, list) or not records or not all(isinstance(item, Mapping) for item in records):
            raise errors.bad_data("data", "$.data", expected_data_type="jsonarray")
        if len(records) > 100:
            raise errors.Refusal(
                "LIMIT_EXCEEDED",
                "count of records in your request exceeds the limit",
                maximum_length=100,
                api_name="data",
                json_path="$.data",
            )
        triggers = body.get("trigger")
        if triggers is not None and (not isinstance(triggers, list) or not _TRIGGERS.issuperset(triggers)):
            raise errors.bad_data("trigger", "$.trigger", supported_values=sorted(_TRIGGERS))
        return records

    def _insert(self, module: Module, given: Mapping[str, Any], path: str, at: datetime) -> dict[str, Any]:
        record = writing.insert(self._org, module, given, path, self._org.user, at)
        return self._done(record, "record added")

    def _update(self, module: Module, given: Mapping[str, Any], path: str, at: datetime) -> dict[str, Any]:
        if given.get("id") is None:
            raise errors.mandatory("id", f"{path}.id")
        record_id = id_text(given["id"])
        stored = self._store.get(module.name, record_id)
        unless = reading.modified_since(self._request.headers.get("If-Unmodified-Since"), "If-Unmodified-Since")
        if stored is not None and unless is not None and unless < datetime.fromisoformat(stored["Modified_Time"]):
            raise errors.Refusal("ALREADY_MODIFIED", "record already modified", 412, id=record_id)
        record = writing.update(self._org, module, record_id, given, path, self._org.user, at)
        return self._done(record, "record updated")

    def _upsert(self, module: Module, given: Mapping[str, Any], path: str, at: datetime) -> dict[str, Any]:
        """One record of an upsert: added, or the change of the one it matches (reference/zoho 4.6)."""
        asked = loads(self._request.get_data()).get("duplicate_check_fields")
        field, record_id = upserting.matched(self._org, module, given, path, asked)
        if record_id is None:
            return {**self._insert(module, given, path, at), "duplicate_field": None, "action": "insert"}
        changed = self._update(module, {**given, "id": record_id}, path, at)
        return {**changed, "duplicate_field": field, "action": "update"}

    def _done(self, record: Mapping[str, Any], message: str) -> dict[str, Any]:
        keys = ("Modified_Time", "Modified_By", "Created_Time", "id", "Created_By", "$approval_state")
        details = {key: record[key] for key in keys if key in record}
        return {"code": "SUCCESS", "details": details, "message": message, "status": "success"}

    def _delete(self, module: Module, ids: list[str]) -> tuple[int, Any]:
        if len(ids) > 100:
            raise errors.Refusal("LIMIT_EXCEEDED", "limit exceeded", limit=100, param_name="ids")
        at = self._store.stamp()
        results, good = [], 0
        for record_id in ids:
            try:
                writing.delete(self._org, module, record_id, self._org.user, at)
            except errors.Refusal as refusal:
                results.append(refusal.body())
            else:
                good += 1
                results.append(
                    {"code": "SUCCESS", "details": {"id": record_id}, "message": "record deleted", "status": "success"}
                )
        status = 200 if good == len(ids) else 207 if good else 400
        return status, {"data": results}
