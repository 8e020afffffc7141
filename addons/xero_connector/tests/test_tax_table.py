import csv
from collections import defaultdict
from typing import NamedTuple

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open

COLUMNS = ["template_xmlid", "tax_type", "choose", "reason"]


class XeroType(NamedTuple):
    use: str  # sale, purchase or both
    rate: float  # as Xero displays it
    effect: float  # what it adds to the document: 0 for a reverse charge
    boxes: str  # of the BAS, GST return or VAT return that Xero fills from it


# Written from Xero's documentation, not from the tables. NONE and BASEXCLUDED fill no box.
# No type that needs a line on the GST account (imports), and no UK domestic reverse charge:
# sources disagree which of DRCHARGE20 and DRCHARGESUPPLY20 is the one for income.
XERO_TYPES = {
    "au": {
        "OUTPUT": XeroType("sale", 10, 10, "G1"),
        "EXEMPTEXPORT": XeroType("sale", 0, 0, "G1 G2"),
        "EXEMPTOUTPUT": XeroType("sale", 0, 0, "G1 G3"),
        "INPUTTAXED": XeroType("sale", 0, 0, "G1 G4"),
        "INPUT": XeroType("purchase", 10, 10, "G11"),
        "CAPEXINPUT": XeroType("purchase", 10, 10, "G10"),
        "EXEMPTEXPENSES": XeroType("purchase", 0, 0, "G11 G14"),
        "EXEMPTCAPITAL": XeroType("purchase", 0, 0, "G10 G14"),
        "BASEXCLUDED": XeroType("both", 0, 0, ""),
    },
    "nz": {
        "OUTPUT2": XeroType("sale", 15, 15, "5"),
        "ZERORATED": XeroType("sale", 0, 0, "5 6"),
        "INPUT2": XeroType("purchase", 15, 15, "11"),
        "NONE": XeroType("both", 0, 0, ""),
    },
    "uk": {
        "OUTPUT2": XeroType("sale", 20, 20, "1 6"),
        "RROUTPUT": XeroType("sale", 5, 5, "1 6"),
        "ZERORATEDOUTPUT": XeroType("sale", 0, 0, "6"),
        "EXEMPTOUTPUT": XeroType("sale", 0, 0, "6"),
        "ECZROUTPUT": XeroType("sale", 0, 0, "6 8"),
        "ECZROUTPUTSERVICES": XeroType("sale", 0, 0, "6"),
        "INPUT2": XeroType("purchase", 20, 20, "4 7"),
        "CAPEXINPUT2": XeroType("purchase", 20, 20, "4 7"),
        "RRINPUT": XeroType("purchase", 5, 5, "4 7"),
        "ZERORATEDINPUT": XeroType("purchase", 0, 0, "7"),
        "EXEMPTINPUT": XeroType("purchase", 0, 0, "7"),
        "REVERSECHARGES": XeroType("purchase", 20, 0, "1 4 6 7"),
        "ECACQUISITIONS": XeroType("purchase", 20, 0, "2 4 7 9"),
        "NONE": XeroType("both", 0, 0, ""),
    },
}

# Tags that are no box: taxable payments reporting (TPAR) is not part of the BAS.
NOT_A_BOX = {"Service", "l10n_au.service_tag"}
BOX_OF_TAG = {"6rc": "6"}

# What an accountant decides, and no rate or box can. Never mapped, whatever the table's author thinks.
NEVER_MAPPED = {
    "au": {
        "au_tax_witheld",
        "au_tax_payg_w3",
        "au_tax_sale_payg_w",
        "au_tax_sale_payg_i",
        "au_tax_sale_lct",
        "au_tax_sale_fbt",
        "au_tax_sale_ftc",
        "au_tax_sale_wet",
        "au_tax_dgst",
        "au_tax_purchase_gst_only_service",
        "au_tax_purchase_gst_only_service_tpar",
        "au_tax_purchase_taxable_import_service",
        "au_tax_purchase_taxable_import_service_tpar",
        "au_tax_purchase_input_service",
        "au_tax_purchase_private_service",
        "au_tax_sale_adj",
        "au_tax_purchase_adj_service",
    },
    "nz": {"nz_tax_purchase_gst_only"},
    "uk": {"PT_20_PVA", "PT_20_RCD", "ST_20_RCD", "PT_0_EX", "PT7"},
}


@tagged("post_install", "-at_install")
class TestTaxTable(TransactionCase):
    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read(self, path):
        with file_open(f"xero_connector/{path}", "r") as csv_file:
            return list(csv.DictReader(csv_file))

    def _table(self, chart):
        return {row["template_xmlid"]: row for row in self._read(f"tax_tables/{chart}.csv")}

    def _templates(self, chart):
        """Odoo's own taxes, tags as text; needs the chart's files, not an installed chart."""
        return self.env["account.chart.template"]._parse_csv(chart, "account.tax")

    def _charts(self):
        for chart, types in XERO_TYPES.items():
            yield chart, types, self._table(chart), self._templates(chart)

    def _mapped(self):
        for _chart, types, table, templates in self._charts():
            for xmlid, row in table.items():
                if row["tax_type"]:
                    yield xmlid, templates[xmlid], types[row["tax_type"]]

    @staticmethod
    def _repartition(template, document_type):
        return [
            values
            for _command, _id, values in template.get("repartition_line_ids", [])
            if values["document_type"] == document_type
        ]

    def _tax_lines(self, template, document_type="invoice"):
        return [line for line in self._repartition(template, document_type) if line["repartition_type"] == "tax"]

    @staticmethod
    def _factor(line):
        return float(line.get("factor_percent", 100))

    def _effect(self, template, document_type):
        """What the tax adds to the document, in percent."""
        return float(template["amount"]) * sum(map(self._factor, self._tax_lines(template, document_type))) / 100

    @staticmethod
    def _tags(line):
        return [tag for tag in line.get("tag_ids", "").split("||") if tag]

    def _boxes(self, template, document_type):
        tags = {tag for line in self._repartition(template, document_type) for tag in self._tags(line)} - NOT_A_BOX
        return {BOX_OF_TAG.get(tag, tag).removeprefix("BOX ") for tag in tags}

    def _summary(self, xmlid, template, row):
        """One golden row: everything about the Odoo tax that the choice of the Xero type rests on."""
        summary = {
            "template_xmlid": xmlid,
            "use": template["type_tax_use"],
            "amount_type": template["amount_type"],
            "amount": f"{float(template['amount']):g}",
            "children": template.get("children_tax_ids", "").replace(",", " "),
        }
        for document_type in ("invoice", "refund"):
            summary[document_type] = "; ".join(
                f"{line['repartition_type']} {self._factor(line):g} {line.get('account_id', '-')} "
                f"{'+'.join(self._tags(line)) or '-'}"
                for line in self._repartition(template, document_type)
            )
        summary["tax_type"] = row["tax_type"] or "choose"
        return summary

    # ------------------------------------------------------------------
    # The table covers the chart
    # ------------------------------------------------------------------

    def test_every_tax_has_exactly_one_row(self):
        for chart, _types, table, templates in self._charts():
            with self.subTest(chart=chart):
                rows = self._read(f"tax_tables/{chart}.csv")
                self.assertEqual(list(rows[0]), COLUMNS)
                self.assertEqual(len(rows), len(table), "a template has two rows")
                self.assertEqual(set(table), set(templates))

    def test_installed_chart_adds_nothing(self):
        """Other modules may add taxes to a chart; `_parse_csv` does not see these."""
        ChartTemplate = self.env["account.chart.template"]
        for chart, info in ChartTemplate._get_chart_template_mapping(get_all=True).items():
            if chart in XERO_TYPES and info["installed"]:
                with self.subTest(chart=chart):
                    installed = ChartTemplate._get_chart_template_model_data(chart, "account.tax")
                    self.assertEqual(set(self._table(chart)), set(installed))

    def test_northern_ireland_uses_the_uk_taxes(self):
        self.assertEqual(set(self._templates("xi")), set(self._table("uk")))

    def test_golden(self):
        """Odoo changed a tax, or the table was changed: both are for an accountant to look at."""
        for chart, _types, table, templates in self._charts():
            with self.subTest(chart=chart):
                self.assertEqual(
                    [self._summary(xmlid, template, table[xmlid]) for xmlid, template in templates.items()],
                    self._read(f"tests/golden/tax_table_{chart}.csv"),
                )

    # ------------------------------------------------------------------
    # Each row is sound
    # ------------------------------------------------------------------

    def test_mapped_or_choose(self):
        for chart, types, table, _templates in self._charts():
            for xmlid, row in table.items():
                with self.subTest(chart=chart, tax=xmlid):
                    self.assertEqual(row["choose"], "0" if row["tax_type"] else "1")
                    self.assertTrue(row["reason"].strip(), "mapped or not, the table says why")
                    if row["tax_type"]:
                        self.assertIn(row["tax_type"], types)

    def test_use(self):
        for xmlid, template, xero in self._mapped():
            with self.subTest(tax=xmlid):
                self.assertIn(template["type_tax_use"], ("sale", "purchase"))
                self.assertIn(xero.use, (template["type_tax_use"], "both"))

    def test_rate_and_net_effect(self):
        for xmlid, template, xero in self._mapped():
            with self.subTest(tax=xmlid):
                self.assertEqual(template["amount_type"], "percent")
                self.assertAlmostEqual(float(template["amount"]), xero.rate)
                for document_type in ("invoice", "refund"):
                    self.assertAlmostEqual(self._effect(template, document_type), xero.effect)

    def test_same_boxes_of_the_return(self):
        """What tells capital, input taxed, import and reverse charge apart where the rate does not."""
        for xmlid, template, xero in self._mapped():
            for document_type in ("invoice", "refund"):
                with self.subTest(tax=xmlid, document_type=document_type):
                    self.assertEqual(self._boxes(template, document_type), set(xero.boxes.split()))

    # ------------------------------------------------------------------
    # What is never proposed
    # ------------------------------------------------------------------

    def test_never_mapped(self):
        for chart, _types, table, templates in self._charts():
            self.assertLessEqual(NEVER_MAPPED[chart], set(templates))
            for xmlid, template in templates.items():
                tax_lines = self._tax_lines(template)
                cause = (
                    (xmlid in NEVER_MAPPED[chart] and "decided by an accountant")
                    or (template["amount_type"] != "percent" and "group, or an amount that is all tax")
                    or (float(template["amount"]) < 0 and "negative or withholding")
                    or ("withheld" in template.get("tax_group_id", "") and "withholding")
                    or (
                        float(template["amount"])
                        and not all(line.get("account_id") for line in tax_lines)
                        and "the tax is a cost: Xero would claim it"
                    )
                )
                if cause:
                    with self.subTest(chart=chart, tax=xmlid):
                        self.assertFalse(table[xmlid]["tax_type"], cause)

    def test_same_rate_and_boxes_is_a_choice(self):
        """Two Xero types that only their name tells apart: each such proposal is named here."""
        named = defaultdict(set)
        for chart, types, table, _templates in self._charts():
            for xmlid, row in table.items():
                if row["tax_type"]:
                    xero = types[row["tax_type"]]
                    if sum(other == xero for other in types.values()) > 1:
                        named[chart].add((xmlid, row["tax_type"]))
        self.assertEqual(
            dict(named),
            {
                "uk": {
                    ("ST0", "ZERORATEDOUTPUT"),  # its description is "Zero Rated Sales"
                    ("ST2", "EXEMPTOUTPUT"),  # its name is "Exempt"
                    ("ST_0_EX", "ZERORATEDOUTPUT"),  # exports
                    ("PT2", "EXEMPTINPUT"),  # its name is "Exempt"
                    ("PT_20_G", "INPUT2"),
                    ("PT_20_S", "INPUT2"),  # not capital: Xero allows that on asset accounts only
                }
            },
        )
