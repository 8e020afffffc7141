/** A run's form that follows its run until it is done. */
import { onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { FormController } from "@web/views/form/form_controller";

const PAUSE = 700; // milliseconds

export class XeroRunFormController extends FormController {
    setup() {
        super.setup();
        const timer = setInterval(() => this.follow(), PAUSE);
        onWillUnmount(() => clearInterval(timer));
    }

    async follow() {
        const record = this.model.root;
        if (record?.resId && ["queued", "running"].includes(record.data.state)) {
            await record.load();
        }
    }
}

registry.category("views").add("xero_run_form", { ...formView, Controller: XeroRunFormController });
