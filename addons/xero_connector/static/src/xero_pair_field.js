/** The record of a pair: one may be chosen where none was found, too. */
import { registry } from "@web/core/registry";
import { ReferenceField, referenceField } from "@web/views/fields/reference/reference_field";

export class XeroPairField extends ReferenceField {
    get models() {
        return (this.props.record.data.choices || "").split(",");
    }

    get selection() {
        return super.selection.filter(([model]) => this.models.includes(model));
    }

    get hideModelSelector() {
        return this.models.length < 2;
    }

    getRelation() {
        return super.getRelation() || this.models[0];
    }
}

registry.category("fields").add("xero_pair_record", { ...referenceField, component: XeroPairField });
