"""Members of metadata answers that say nothing of a sandbox and are there all the same (reference/zoho 4.14, 4.15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELD: Mapping[str, Any] = {
    "webhook": True,
    "blueprint_supported": True,
    "virtual_field": False,
    "customizable_properties": [],
    "businesscard_supported": False,
    "available_in_user_layout": True,
    "display_field": False,
    "pick_list_values_sorted_lexically": False,
    "layout_associations": [],
    "separator": False,
    "enable_colour_code": False,
    "colour_code_enabled_by_system": False,
    "mass_update": False,
    "created_source": "default",
    "type": "used",
    "display_type": -1,
    "ui_type": 1,
    "quick_sequence_number": "0",
    "rollup_summary": {},
    "email_parser": {"fields_update_supported": False, "record_operations_supported": False},
    "created_time": None,
    "modified_time": None,
    "show_type": 7,
    "category": 1,
    "multi_module_lookup": {},
    "file_upolad_optionlist": [],
    "profiles": [],
    "subform": None,
    "multiselectlookup": {},
    "allowed_modules": [],
    "additional_column": None,
    "hipaa_compliance_enabled": False,
    "number_separator": False,
    "static_field": False,
    "decimal_place": None,
}
_MODULE: Mapping[str, Any] = {
    "common.search_supported": True,
    "description": None,
    "recycle_bin_on_delete": True,
    "inventory_template_supported": False,
    "presence_sub_menu": False,
    "triggers_supported": True,
    "chart_view": False,
    "isBlueprintSupported": True,
    "convertable": False,
    "emailTemplate_support": False,
    "email_parser_supported": False,
    "filter_supported": True,
    "show_as_tab": True,
    "web_link": None,
    "sequence_number": 1,
    "quick_create": False,
    "feeds_required": False,
    "scoring_supported": False,
    "webform_supported": False,
    "arguments": [],
    "chart_view_supported": False,
    "profile_count": 1,
    "business_card_field_limit": 5,
    "track_current_data": False,
    "activity_badge": None,
    "$field_states": [],
    "business_card_fields": [],
    "per_page": 10,
    "$properties": [],
    "$on_demand_properties": [],
    "search_layout_fields": [],
    "kanban_view_supported": False,
    "kanban_view": False,
    "related_lists": [],
    "filter_status": False,
    "display_field": None,
    "layouts": [],
    "fields": [],
    "zia_view": False,
    "default_mapping_fields": [],
    "layout_associations": [],
}
# Members that are an object for a few kinds of field and absent for all others.
_RARE = frozenset({"external", "associated_module"})
_ORG: Mapping[str, Any] = {
    "country": "",
    "photo_id": None,
    "city": None,
    "description": None,
    "gapps_enabled": False,
    "translation_enabled": False,
    "street": None,
    "domain_name": "",
    "alias": None,
    "currency": "",
    "currency_symbol": "$",
    "currency_locale": "",
    "country_code": "",
    "state": None,
    "fax": None,
    "zip": None,
    "mobile": None,
    "phone": "",
    "primary_email": "",
    "primary_zuid": "",
    "zia_portal_id": None,
    "deletable_org_account": False,
    "hierarchy_preferences": {"type": "Role_Hierarchy", "strictly_reporting": False},
    "privacy_settings": False,
    "hipaa_compliance_enabled": False,
    "lite_users_enabled": False,
    "max_per_page": 200,
    "ezgid": "",
    "call_icon": "default",
    "oauth_presence": False,
    "zia_zgid": 0,
    "checkin_preferences": {"restricted_event_types": None},
    "mc_status": False,
    "iso_code": "AUD",
    "time_zone": "UTC",
    "type": "production",
}
_LICENCE: Mapping[str, Any] = {
    "paid_expiry": "2099-12-31T00:00:00+00:00",
    "users_license_purchased": 1,
    "trial_type": None,
    "trial_expiry": None,
    "paid": True,
    "paid_type": "enterprise",
    "trial_action": "",
}


def whole_field(meta: Mapping[str, Any]) -> dict[str, Any]:
    """One field as the metadata endpoint gives it."""
    name = str(meta["api_name"])
    shown = {**_FIELD, "column_name": name.upper(), **meta}
    shown["pick_list_values"] = [
        {"colour_code": None, "id": f"{meta['id']}{position:03d}"[-18:], **choice}
        for position, choice in enumerate(meta.get("pick_list_values") or [])
    ]
    return {key: value for key, value in shown.items() if value is not None or key not in _RARE}


def whole_module(module: Mapping[str, Any], person: Mapping[str, str]) -> dict[str, Any]:
    """One module as its endpoint gives it; ``person``: who is said to have changed it last."""
    return {**_MODULE, "modified_by": {"name": person["name"], "id": person["id"]}, **module}


def whole_org(org: Mapping[str, Any]) -> dict[str, Any]:
    """The organisation as its endpoint gives it; what a data folder says of it goes first."""
    licence = {key: value for key, value in (org.get("license_details") or {}).items() if value is not None}
    return {**_ORG, **org, "license_details": {**_LICENCE, **licence}}
