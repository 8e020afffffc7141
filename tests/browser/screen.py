"""What a person does and sees in Odoo's web client."""

import re

from playwright.sync_api import expect

FIRST_PAGE = 90_000  # milliseconds
ID = re.compile(r"/(\d+)$")


class Screen:
    """One person's browser window.

    :param page: Playwright's page
    :param url: address of the Odoo server
    :param folders: where pictures go: all of them to the first, those for the README to the others, too
    """

    def __init__(self, page, url, folders):
        self.page, self.url, self.folders = page, url, folders
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    # === GOING SOMEWHERE === #

    def log_in(self, login, password):
        """Log in and wait for the web client."""
        self.page.goto(f"{self.url}/web/login")
        self.page.get_by_label("Email").fill(login)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        # The first person to log in waits for the style sheets to be made.
        expect(self.page.locator(".o_main_navbar")).to_be_visible(timeout=FIRST_PAGE)

    def app(self, name):
        """Open an app from the home menu."""
        self.page.locator(".o_navbar_apps_menu button").click()
        self.page.locator(".o_app").get_by_text(name, exact=True).click()
        expect(self.page.locator(".o_menu_brand")).to_have_text(name)

    def menu(self, section, entry):
        """Open an entry below one of the app's menus."""
        self.unfold(section)
        self.page.get_by_role("menuitem", name=entry, exact=True).click()
        expect(self.page.locator(".o_breadcrumb")).to_contain_text(entry)

    def unfold(self, section):
        """Open one of the app's menus; what it offers."""
        self.page.locator(".o_menu_sections").get_by_role("button", name=section, exact=True).click()
        entries = self.page.get_by_role("menuitem")
        expect(entries.first).to_be_visible()
        return entries.all_inner_texts()

    def open(self, path, view="form"):
        """Open an address of the web client."""
        self.page.goto(f"{self.url}/odoo/{path}")
        expect(self.page.locator(f".o_{view}_view")).to_be_visible()

    # === LOOKING === #

    @property
    def dialog(self):
        """The dialog in front."""
        return self.page.locator(".modal")

    def button(self, name):
        """A button by what is written on it, in the dialog if there is one."""
        if isinstance(name, str):
            name = re.compile(rf"^\W*{re.escape(name)}$")  # an icon before it is read as a character
        area = self.dialog if self.dialog.count() else self.page.locator(".o_action_manager")
        return area.get_by_role("button", name=name)

    def field(self, name):
        """A field of the form."""
        return self.page.locator(f".o_form_view [name={name}]").first

    def row(self, *texts, area=None):
        """The row of a list that holds all these texts."""
        row = (area or self.page).locator("tr.o_data_row")
        for text in texts:
            row = row.filter(has_text=text)
        return row

    def step(self, name):
        """A step of the strip on the connection's form."""
        return self.page.get_by_role("listitem").filter(has_text=name)

    def steps(self):
        """The steps of the strip: ``{name: done}``."""
        items = self.page.locator(".o_xero_steps").get_by_role("listitem")
        expect(items).to_have_count(7)
        found = {}
        for item in items.all():
            name = re.sub(r"^\d\s*", "", item.locator("b").inner_text().strip())
            found[name] = item.get_by_title("Done").is_visible()
        return found

    def warnings(self):
        """Texts of the coloured bands on the form."""
        bands = self.page.locator(".o_form_view .alert").all_inner_texts()
        return [" ".join(text.split()) for text in bands if text.strip()]

    def notification(self, text):
        """The notification with that text, once it is there."""
        notification = self.page.locator(".o_notification", has_text=text)
        expect(notification.first).to_be_visible()
        return notification.first

    def picture(self, name, readme=False, page=None, height=None):
        """Take a picture of what is seen (or of another page), also for the README where wanted.

        :param height: leave out what is below
        """
        page = page or self.page
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height} if height else None
        for folder in self.folders if readme else self.folders[:1]:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", clip=clip, animations="disabled", timeout=10_000)

    # === DOING === #

    def press(self, name):
        """Press a button."""
        self.button(name).click()

    def type(self, name, text):
        """Type into a field of the form."""
        self.field(name).locator("input").fill(text)

    def choose(self, name, text, area=None):
        """Choose from the list of a field: of the form, or of a row in a grid."""
        cell = area.locator(f"[name={name}]").first if area else self.field(name)
        if area:
            cell.click()
        box = cell.locator("input")
        box.click()
        box.fill(text)
        self.page.locator(".o-autocomplete--dropdown-menu").get_by_text(text, exact=True).click()
        expect(box).to_have_value(text)

    def select(self, name, text):
        """Choose from a field with a few fixed choices."""
        box = self.field(name).locator("input")
        box.click()
        self.page.locator(".o_select_menu_menu, .o_field_selection_menu").get_by_text(text, exact=True).click()
        expect(box).to_have_value(text)

    def turn_to(self, name):
        """Turn to a page of the form's notebook."""
        tab = self.page.locator(".o_notebook").get_by_role("tab", name=name, exact=True)
        tab.click()
        expect(tab).to_have_class(re.compile("active"))

    def keep(self):
        """Save what was changed on the form."""
        button = self.page.locator(".o_form_button_save")
        button.click()
        expect(button).to_be_hidden()

    def search(self, text):
        """Search the list for a text."""
        box = self.page.locator(".o_searchview_input")
        box.fill(text)
        # Enter before the suggestions are there is lost.
        expect(self.page.locator(".o_searchview_autocomplete", has_text=text)).to_be_visible()
        box.press("Enter")
        expect(self.page.locator(".o_searchview_facet", has_text=text)).to_be_visible()

    def save(self):
        """Save a new record and return its id."""
        self.page.locator(".o_form_button_save").click()
        expect(self.page).to_have_url(ID)
        return int(ID.search(self.page.url).group(1))

    def confirm(self):
        """Press Confirm in the dialog and wait until it is gone."""
        expect(self.dialog).to_be_visible()
        self.press("Confirm")
        expect(self.dialog).to_have_count(0)

    def close_notifications(self):
        """Click the notifications away; some go by themselves meanwhile."""
        self.page.locator(".o_notification_close").evaluate_all("all => all.forEach((cross) => cross.click())")
