"""The invented business of the demo: who buys, what is sold, what each order was.

Everything is made up. Domains end in ``.example``; telephone numbers come from the ranges that Australia and the United
States keep free for fiction.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

COMPANY = "Wattlebird Coffee Roasters Pty Ltd"
DOMAIN = "wattlebird.example"
ZONE = "Australia/Sydney"
OWNER = "Imogen Castellane"

GST, FREE, WET = "GST", "GST Free", "WET"
TAXES = {GST: Decimal(10), FREE: Decimal(0), WET: Decimal(29)}


@dataclass(frozen=True)
class Customer:
    """A Zoho account. ``basket`` names what it usually orders; ``person`` is its contact there, if any."""

    name: str
    street: str
    city: str
    state: str | None
    code: str
    phone: str | None
    basket: str
    person: tuple[str, str] | None
    country: str = "Australia"
    currency: str = "AUD"

    @property
    def domain(self) -> str:
        spelled = unicodedata.normalize("NFKD", self.name.lower().replace("ø", "o")).split(" pty")[0]
        plain = "".join(letter for letter in spelled if "a" <= letter <= "z")
        return f"{plain[:20]}.example"


@dataclass(frozen=True)
class Product:
    """A Zoho product; ``price`` is before tax."""

    code: str | None
    name: str
    category: str
    unit: str
    price: str
    tax: str | None
    description: str | None = None


@dataclass(frozen=True)
class Line:
    """One line of an order: which product, how many, and what differs from the product. ``tax`` "" is no tax at all."""

    product: str
    quantity: str
    price: str | None = None
    discount: str = "0"
    tax: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Order:
    """A special invoice or quote. What is not said is filled in like any other order of the customer."""

    customer: str | None
    lines: tuple[Line, ...] = ()
    status: str | None = None
    day: str | None = None
    due: str | None = ""
    discount: str = "0"
    adjustment: str = "0"
    record_tax: str | None = None
    off_by: str = "0"
    subject: str | None = None
    order_number: str | None = None
    rate: str | None = None
    person: tuple[str, str] | None = None
    tags: tuple[str, ...] = field(default=())


CUSTOMERS = (
    Customer(
        "The Paperbark Kitchen", "14 Pardalote Lane", "Newtown", "NSW", "2042", "(02) 5550 0114", "cafe",
        ("Odette", "Marchetti"),
    ),
    Customer(
        "Café Lumière", "3/88 Firetail Street", "Surry Hills", "NSW", "2010", "(02) 5550 0133", "cafe",
        ("Anaïs", "Beaumont"),
    ),
    Customer(
        "Smørrebrød & Søn Pty Ltd", "201 Thornbill Road", "Leichhardt", "NSW", "2040", "(02) 5550 0158", "cafe",
        ("Søren", "Østergaard"),
    ),
    Customer(
        "O'Halloran's Bookshop Café", "9 Spinebill Parade", "Glebe", "NSW", "2037", "(02) 5550 0171", "cafe",
        ("Maeve", "O'Halloran"),
    ),
    Customer(
        "Whānau Kai Collective", "27 Tūī Terrace", "Wellington", None, "6011", None, "export",
        ("Hēmi", "Parāone"), "New Zealand",
    ),
    Customer(
        "Harbour Street Deli", "62 Sittella Street", "Balmain", "NSW", "2041", "(02) 5550 0185", "cafe",
        ("Domenic", "Farrugia"),
    ),
    Customer(
        "Bellbird Tea Rooms", "5 Whipbird Close", "Leura", "NSW", "2780", "(02) 5550 0192", "cafe",
        ("Philippa", "Nettlefold"),
    ),
    Customer(
        "Ironbark Legal Partners", "Level 11, 40 Dotterel Street", "Sydney", "NSW", "2000", "1300 975 711", "office",
        ("Gareth", "Llewellyn-Price"),
    ),
    Customer(
        "Quokka & Quoll Early Learning", "31 Fantail Avenue", "Ashfield", "NSW", "2131", "(02) 5550 0207", "office",
        ("Priyanka", "Raghunathan"),
    ),
    Customer(
        "Saltbush Surf Life Saving Club", "1 Oystercatcher Drive", "Wollongong", "NSW", "2500", "(02) 5550 0216",
        "office", ("Brody", "Tannahill"),
    ),
    Customer(
        "Tallowwood Bakery", "118 Rosella Road", "Marrickville", "NSW", "2204", "(02) 5550 0223", "cafe",
        ("Nhu", "Trần"),
    ),
    Customer(
        "Northern Rivers Wholesale Grocers", "Unit 4, 77 Brolga Way", "Lismore", "NSW", "2480", "(02) 5550 0239",
        "retail", ("Wendell", "Aspinall"),
    ),
    Customer(
        "Kookaburra Lane Apartments", "16 Kingfisher Court", "Chatswood", "NSW", "2067", "1300 975 723", "office",
        ("Soraya", "Haddad"),
    ),
    Customer(
        "Jacaranda Day Spa", "210 Honeyeater Street", "Grafton", "NSW", "2460", "(02) 5550 0244", "office",
        ("Eleni", "Kostopoulou"),
    ),
    Customer(
        "Corella Brewing Co", "8 Galah Street", "Orange", "NSW", "2800", "(02) 5550 0251", "retail",
        ("Jarrah", "Whitcombe"),
    ),
    Customer(
        "Lantern Fish Dumpling House", "45 Swiftlet Street", "Burwood", "NSW", "2134", "(02) 5550 0268", "cafe",
        ("Meiling", "Ouyang"),
    ),
    Customer(
        "Redgum Joinery", "22 Treecreeper Road", "Dubbo", "NSW", "2830", "(02) 5550 0275", "office",
        ("Casper", "Van Rensburg"),
    ),
    Customer(
        "Mulga Mobile Espresso", "Lot 3 Babbler Track", "Broken Hill", "NSW", "2880", "0491 570 156", "cafe", None,
    ),
    Customer(
        "Banksia House Aged Care", "300 Silvereye Boulevard", "Newcastle", "NSW", "2300", "(02) 5550 0283", "office",
        ("Marguerite", "Dufresne"),
    ),
    Customer(
        "Currawong Cycles", "71 Swallow Street", "Brunswick", "VIC", "3056", "(03) 5550 0112", "retail",
        ("Tobias", "Lindqvist"),
    ),
    Customer(
        "Magpie Street Markets Inc.", "Hall 2, 19 Magpie Street", "Fremantle", "WA", "6160", "(08) 5550 0120",
        "retail", ("Yolanda", "Mbeki-Hart"),
    ),
    Customer(
        "Blue Gum Veterinary Clinic", "54 Plover Crescent", "Toowoomba", "QLD", "4350", "(07) 5550 0137", "office",
        ("Ignatius", "Fernando"),
    ),
    Customer(
        "Lyrebird Theatre Company", "The Old Woolstore, 2 Heron Quay", "Hobart", "TAS", "7000", "(03) 5550 0149",
        "retail", ("Zuzana", "Dvořáková"),
    ),
    Customer(
        "Stringybark Camp & Kiosk", "1180 Wonga Fire Road", "Jindabyne", "NSW", "2627", "0491 570 157", "retail", None
    ),
    Customer(
        "Cascade Row Roasters LLC", "417 Juniper Alley", "Portland", "OR", "97209", "+1 503 555 0142", "export",
        ("Delphine", "Okafor"), "United States", "USD",
    ),
    Customer(
        "Bean Exchange Northwest LLC", "90 Salal Street", "Seattle", "WA", "98101", "+1 206 555 0177", "export",
        ("Marcus", "Eidsvold"), "United States", "USD",
    ),
    Customer(
        "Grevillea Gifts Pty Ltd", "12 Lorikeet Mews", "Paddington", "NSW", "2021", "(02) 5550 0298", "retail",
        ("Beatrix", "Soames"),
    ),
    Customer(
        "Fernhollow Primary P&C Association", "Noisy Pitta Road", "Katoomba", "NSW", "2780", "(02) 5550 0304",
        "retail", ("Kirra", "Dunmore"),
    ),
)  # fmt: skip

WALK_IN = ("Lachlan", "Brightwater")
"""A person who buys for himself: a contact without an account."""

PRODUCTS = (
    Product("WB-HOUSE-1KG", "House Blend, whole bean, 1 kg", "Coffee", "Each", "32.50", FREE),
    Product("WB-HOUSE-250", "House Blend, whole bean, 250 g", "Coffee", "Each", "11.40", FREE),
    Product("WB-DARK-1KG", "Night Parrot Dark Roast, 1 kg", "Coffee", "Each", "33.80", FREE),
    Product("WB-DARK-250", "Night Parrot Dark Roast, 250 g", "Coffee", "Each", "11.90", FREE),
    Product("WB-DECAF-1KG", "Mountain-water Decaf, 1 kg", "Coffee", "Each", "38.6545", FREE),
    Product("WB-SO-ETH", "Single origin Ethiopia Guji, by weight", "Coffee", "kg", "46.90", FREE),
    Product("WB-SO-COL", "Single origin Colombia Huila, by weight", "Coffee", "kg", "44.75", FREE),
    Product("WB-SO-PNG", "Single origin Papua New Guinea, by weight", "Coffee", "kg", "41.335", FREE),
    Product("WB-GREEN", "Green beans, by weight", "Coffee", "kg", "18.9975", FREE),
    Product("WB-DRIP-10", "Drip bags, box of 10", "Coffee", "Box", "18.99", FREE),
    Product("WB-COLD-5L", "Cold brew concentrate, 5 litres", "Coffee", "Each", "58.00", GST),
    Product("TEA-EB-100", "English breakfast tea bags, box of 100", "Tea and chocolate", "Box", "14.35", FREE),
    Product("TEA-CHAI-1KG", "Sticky chai, 1 kg", "Tea and chocolate", "Each", "36.40", FREE),
    Product("CHOC-1KG", "Drinking chocolate, 1 kg", "Tea and chocolate", "Each", "24.25", FREE),
    Product("CUP-8OZ", "Paper cup 8 oz", "Cups and papers", "Each", "0.1125", GST),
    Product("CUP-12OZ", "Paper cup 12 oz", "Cups and papers", "Each", "0.1385", GST),
    Product("LID-90", "Lid 90 mm, compostable", "Cups and papers", "Each", "0.0625", GST),
    Product("SLV-STD", "Cup sleeve", "Cups and papers", "Each", "0.0475", GST),
    Product("TRAY-4", "Carry tray for four", "Cups and papers", "Each", "0.219", GST),
    Product("FLT-V60", "Cone filter papers, pack of 100", "Cups and papers", "Pack", "8.45", GST),
    Product("GRD-M64", "Shop grinder M64", "Equipment", "Each", "1249.00", GST),
    Product("ESP-2G", "Espresso machine, two groups", "Equipment", "Each", "8640.00", GST),
    Product("ESP-HIRE", "Espresso machine hire, one month", "Equipment", "Each", "185.00", GST),
    Product(
        "KET-GN", "Gooseneck kettle, 1 litre, variable temperature, matte black", "Equipment", "Each", "129.95", GST
    ),
    Product("SCL-01", "Brewing scales with timer", "Equipment", "Each", "74.95", GST),
    Product("TMP-58", "Tamper 58 mm", "Equipment", "Each", "49.50", GST),
    Product(
        "GRINDER-BURR-SET-64MM-TITANIUM-COATED", "Burr set 64 mm, titanium coated", "Equipment", "Each", "189.00", GST
    ),
    Product("GIFT-SM", "Gift box, small", "Gifts", "Each", "45.00", GST),
    Product("GIFT-XMAS", "Christmas hamper with red wine", "Gifts", "Each", "96.50", WET),
    Product("VCH-50", "Gift voucher 50 dollars", "Gifts", "Each", "50.00", None),
    Product("MUG-HAND", "Handmade mug", "Gifts", "Each", "28.6364", GST),
    Product("TRN-BARISTA", "Barista course, half a day", "Training", "Each", "165.00", GST),
    Product(None, "Service call, on site", "Service", "Hours", "140.00", GST),
    Product(None, "Freight", "Service", "Each", "18.50", GST),
)

CATEGORIES = ("Coffee", "Tea and chocolate", "Cups and papers", "Equipment", "Gifts", "Training", "Service")

BASKETS = {
    "cafe": (
        "WB-HOUSE-1KG", "WB-DARK-1KG", "WB-DECAF-1KG", "WB-SO-ETH", "WB-SO-COL", "TEA-CHAI-1KG", "CHOC-1KG", "CUP-8OZ",
        "CUP-12OZ", "LID-90", "TRAY-4", "WB-COLD-5L",
    ),
    "office": (
        "WB-HOUSE-1KG", "WB-DRIP-10", "TEA-EB-100", "WB-DECAF-1KG", "ESP-HIRE", "CHOC-1KG", "FLT-V60", "Freight",
    ),
    "retail": (
        "WB-HOUSE-250", "WB-DARK-250", "WB-DRIP-10", "MUG-HAND", "GIFT-SM", "FLT-V60", "KET-GN", "SCL-01", "WB-SO-PNG",
        "TEA-CHAI-1KG",
    ),
    "export": ("WB-SO-PNG", "WB-SO-ETH", "WB-GREEN", "WB-HOUSE-1KG"),
}  # fmt: skip

LONG_DESCRIPTION = (
    "Annual service of the two-group machine: both group gaskets and shower screens replaced, the boiler descaled and "
    "flushed three times, the pressure-relief valve tested at 12 bar, the vacuum breaker and both steam tips renewed, "
    "the pump set to 9.0 bar under flow, the flow meters cleaned and programmed again for single and double shots, the "
    "drain hose shortened by 40 cm, the water filter changed and its date written on the housing. Worn parts were left "
    "with the owner. The left solenoid valve is noisy and should be looked at within six months. Tested with 2.5 kg of "
    "House Blend; the grinder was set to 18.5 g in, 37 g out in 29 seconds."
)

SPECIALS: dict[int, Order] = {
    # The one before start_date.
    0: Order("Tallowwood Bakery", (Line("WB-HOUSE-1KG", "12"), Line("CUP-8OZ", "1000")), "Paid", "2025-07-28"),
    # Awkward quantities and prices.
    2: Order(
        "Café Lumière",
        (
            Line("WB-DRIP-10", "7"),
            Line("WB-SO-ETH", "0.125", description="Tasting sample, Guji lot 7"),
            Line("WB-SO-PNG", "3.333", discount="2.50"),
            Line("SLV-STD", "12500", discount="0.40"),
        ),
        "Paid",
        order_number="CL-7781",
    ),
    4: Order("Ironbark Legal Partners", (Line("WB-HOUSE-1KG", "6"), Line("Freight", "1")), "Paid", adjustment="-0.02"),
    # Tax on the total: rounded once here, line by line in Xero.
    6: Order(
        "Quokka & Quoll Early Learning",
        (
            Line("FLT-V60", "1", price="10.45", tax=""),
            Line("TMP-58", "1", price="20.45", tax=""),
            Line("SCL-01", "1", price="74.95", tax=""),
        ),
        "Approved",
        record_tax=GST,
    ),
    8: Order(
        "Smørrebrød & Søn Pty Ltd",
        (Line("WB-DARK-1KG", "10"), Line("CUP-12OZ", "2000"), Line("LID-90", "2000"), Line("Freight", "1")),
        "Paid",
        discount="25.00",
    ),
    10: Order(
        "Cascade Row Roasters LLC",
        (Line("WB-SO-PNG", "60", price="27.315", tax=FREE), Line("WB-GREEN", "120", price="12.4875", tax=FREE)),
        "Delivered",
        rate="0.6548",
        order_number="PO 20318",
    ),
    12: Order("Harbour Street Deli", (Line("WB-HOUSE-1KG", "8"), Line("WB-SO-COL", "2.5")), "Approved"),
    14: Order(
        "Lantern Fish Dumpling House",
        (
            Line("TEA-CHAI-1KG", "2"),
            Line("CHOC-1KG", "3", description="燈籠魚餃子館 – 熱巧克力"),
            Line("CUP-8OZ", "1500", discount="4.20"),
        ),
        "Delivered",
    ),
    16: Order("Redgum Joinery", (Line("ESP-HIRE", "1"), Line("WB-HOUSE-1KG", "3")), "On Hold"),
    18: Order(
        "Tallowwood Bakery",
        (
            Line("WB-HOUSE-1KG", "24", discount="39.00"),
            Line("WB-DARK-1KG", "12"),
            Line("WB-DECAF-1KG", "7"),
            Line("WB-SO-ETH", "4.75"),
            Line("WB-SO-COL", "1.375"),
            Line("TEA-CHAI-1KG", "3"),
            Line("CHOC-1KG", "5"),
            Line("CUP-8OZ", "3000"),
            Line("CUP-12OZ", "2500"),
            Line("LID-90", "5500"),
            Line("TRAY-4", "350", discount="1.65"),
            Line("Freight", "1", price="42.35"),
        ),
        "Paid",
        order_number="TB/2025/118",
    ),
    20: Order("Kookaburra Lane Apartments", (Line("WB-DRIP-10", "40"), Line("TEA-EB-100", "12")), "Cancelled"),
    21: Order(
        "Banksia House Aged Care",
        (Line("WB-DECAF-1KG", "15"), Line("TEA-EB-100", "20"), Line("CHOC-1KG", "6")),
        "Paid",
        due=None,
    ),
    23: Order(
        "Grevillea Gifts Pty Ltd",
        (Line("GIFT-XMAS", "12"), Line("GIFT-SM", "8", discount="18.00"), Line("MUG-HAND", "11")),
        "Approved",
        subject="Christmas hampers",
    ),
    24: Order(
        "Magpie Street Markets Inc.",
        (Line("VCH-50", "4", tax=""), Line("MUG-HAND", "7"), Line("WB-HOUSE-250", "18")),
        "Paid",
    ),
    26: Order(
        "Mulga Mobile Espresso",
        (Line("GRINDER-BURR-SET-64MM-TITANIUM-COATED", "1"), Line("Service call, on site", "1.25")),
        "Approved",
    ),
    28: Order(
        "Blue Gum Veterinary Clinic",
        (Line("ESP-2G", "1", discount="440.00"), Line("GRD-M64", "1"), Line("TRN-BARISTA", "3")),
        "Approved",
        adjustment="12.50",
        subject="Machine, grinder and first course",
        order_number="BG-2210",
    ),
    30: Order(
        "Corella Brewing Co",
        (Line("WB-GREEN", "0.33335", description="Green sample for the stout"), Line("WB-COLD-5L", "9")),
        "Delivered",
    ),
    33: Order("Bellbird Tea Rooms", (Line("TEA-EB-100", "10"), Line("WB-HOUSE-1KG", "2")), "Approved"),
    35: Order(
        "Whānau Kai Collective",
        (Line("WB-SO-PNG", "15.5", tax=FREE), Line("WB-HOUSE-1KG", "20", tax=FREE, discount="32.50")),
        "Paid",
        discount="15.75",
    ),
    37: Order(
        "Currawong Cycles",
        (Line("WB-HOUSE-250", "30"), Line("WB-DRIP-10", "12"), Line("SCL-01", "1")),
        "Delivered",
        off_by="1.00",
    ),
    39: Order(
        "Café Lumière",
        (Line("KET-GN", "1", discount="129.95", description="Replaced under warranty"),),
        "Delivered",
        subject="Warranty replacement",
    ),
    41: Order(
        "Saltbush Surf Life Saving Club",
        (
            Line("ESP-HIRE", "3", tax=""),
            Line("TRN-BARISTA", "2", tax="", discount="16.50"),
            Line("CUP-8OZ", "1000", tax=""),
        ),
        "Paid",
        discount="21.05",
        record_tax=GST,
    ),
    43: Order("Lyrebird Theatre Company", (Line("GIFT-SM", "14"), Line("VCH-50", "6", tax="")), "Approved"),
    45: Order(
        "Tallowwood Bakery",
        (Line("Service call, on site", "4.5", description=LONG_DESCRIPTION), Line("WB-HOUSE-1KG", "10")),
        "Approved",
    ),
    47: Order(
        "Bean Exchange Northwest LLC",
        (Line("WB-SO-ETH", "22.5", price="31.0825", tax=FREE), Line("Freight", "1", price="145.00", tax=FREE)),
        "Approved",
        rate="0.6631",
    ),
    49: Order(
        None, (Line("WB-SO-ETH", "0.75"), Line("KET-GN", "1"), Line("FLT-V60", "2")), "Paid", person=WALK_IN
    ),
    51: Order("Northern Rivers Wholesale Grocers", status="Cancelled"),
    52: Order(
        "O'Halloran's Bookshop Café",
        (Line("WB-HOUSE-1KG", "9"), Line("MUG-HAND", "13"), Line("TEA-EB-100", "4")),
        "Delivered",
        discount="10.00",
        adjustment="0.03",
    ),
    54: Order("Jacaranda Day Spa", (Line("WB-DRIP-10", "9"), Line("TEA-CHAI-1KG", "2")), "Paid", due=None),
    58: Order("Fernhollow Primary P&C Association", (Line("WB-HOUSE-250", "44", discount="25.08"),), "Delivered"),
    60: Order("Ironbark Legal Partners", (Line("WB-HOUSE-1KG", "8"), Line("ESP-HIRE", "1")), "Approved", due="early"),
    63: Order("The Paperbark Kitchen", adjustment="-1.15", status="Delivered"),
}  # fmt: skip
"""Invoices with something to show, by their place in the year. The others follow from the customer's basket."""

INVOICES = 72
CLASH = 31
"""The place of the invoice whose number, with the prefix, is already taken in Xero by something else."""

QUOTES = (
    ("Closed Won", "Blue Gum Veterinary Clinic", (Line("ESP-2G", "1", discount="440.00"), Line("GRD-M64", "1"))),
    ("Draft", "Redgum Joinery", (Line("ESP-HIRE", "12"),)),
    ("Delivered", "Banksia House Aged Care", (Line("ESP-2G", "1"), Line("TRN-BARISTA", "6", discount="99.00"))),
    ("Negotiation", "Magpie Street Markets Inc.", (Line("WB-COLD-5L", "30"), Line("CUP-12OZ", "5000"))),
    (
        "Closed Lost",
        "Kookaburra Lane Apartments",
        (Line("GRD-M64", "1"), Line("WB-HOUSE-1KG", "48", discount="156.00")),
    ),
    ("Delivered", "Cascade Row Roasters LLC", (Line("WB-GREEN", "300", price="12.3125", tax=FREE),)),
    ("Confirmed", "Lyrebird Theatre Company", (Line("GIFT-SM", "60", discount="270.00"), Line("MUG-HAND", "60"))),
    ("Draft", "Café Lumière", (Line("TRN-BARISTA", "4"),)),
    ("On Hold", "Whānau Kai Collective", (Line("WB-SO-PNG", "75.5", tax=FREE),)),
    ("Delivered", "Smørrebrød & Søn Pty Ltd", (Line("KET-GN", "3"), Line("SCL-01", "3", discount="11.25"))),
    ("Closed Won", "Grevillea Gifts Pty Ltd", (Line("MUG-HAND", "37"), Line("WB-DRIP-10", "37"))),
    ("Draft", "Fernhollow Primary P&C Association", (Line("WB-HOUSE-250", "120", discount="68.40"),)),
)
