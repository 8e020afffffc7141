/** The buttons of the connection's form that people press once in a while, below one another. */
import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export class XeroValidateMenu extends Component {
    static template = "xero_connector.ValidateMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    press(name) {
        this.env.onClickViewButton({
            clickParams: { type: "object", name },
            getResParams: () =>
                pick(this.props.record, "context", "evalContext", "resModel", "resId", "resIds"),
        });
    }
}

registry.category("view_widgets").add("xero_validate_menu", { component: XeroValidateMenu });
