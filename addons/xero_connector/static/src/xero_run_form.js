/** A form that follows runs until they are done, unless somebody is typing in it. */
import { onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { ConnectionLostError } from "@web/core/network/rpc";
import { formView } from "@web/views/form/form_view";
import { FormController } from "@web/views/form/form_controller";

const PAUSE = 700; // milliseconds

export class XeroRunFormController extends FormController {
    setup() {
        super.setup();
        this.pressed = false; // a button is at work: its runs are under way before the form knows them
        this.following = false;
        const timer = setInterval(() => this.follow(), PAUSE);
        onWillUnmount(() => clearInterval(timer));
    }

    get underWay() {
        const { data, resModel } = this.model.root;
        return (
            this.pressed ||
            (resModel === "xero.run" ? ["queued", "running"].includes(data.state) : data.import_running)
        );
    }

    async follow() {
        const record = this.model.root;
        if (this.following || !record?.resId || !this.underWay) {
            return;
        }
        this.following = true;
        try {
            if (!(await record.isDirty())) {
                await record.load();
            }
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        } finally {
            this.following = false;
        }
    }

    async beforeExecuteActionButton(clickParams) {
        const goOn = await super.beforeExecuteActionButton(clickParams);
        this.pressed = goOn !== false && clickParams.type === "object";
        if (this.pressed && clickParams.name === "action_import") {
            // The list of what is brought in stands at the top.
            this.rootRef.el?.querySelector(".o_content")?.scrollTo({ top: 0 });
        }
        return goOn;
    }

    async afterExecuteActionButton(clickParams) {
        this.pressed = false;
        return super.afterExecuteActionButton(clickParams);
    }
}

registry.category("views").add("xero_run_form", { ...formView, Controller: XeroRunFormController });
