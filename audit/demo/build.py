"""The whole replica, put together once per process."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from audit.demo.assets import add_assets, jpage_script
from audit.demo.departments import add_areas
from audit.demo.duties import duty_items
from audit.demo.endings import add_endings
from audit.demo.faults import add_faults
from audit.demo.interaction import add_interaction, add_services
from audit.demo.layout import Frame, page
from audit.demo.lookalikes import add_lookalikes
from audit.demo.media import add_media
from audit.demo.model import AGRI, Replica
from audit.demo.offsite import add_offsite
from audit.demo.platform import add_platform
from audit.demo.policies import POLICIES, add_policies
from audit.demo.portal import add_portal
from audit.demo.subsites import add_subsites
from audit.demo.zones import add_zones

NOT_FOUND = replace(
    page(
        "plain.html", Frame("页面不存在", template="gone"), heading="404", body="<p>您访问的页面不存在或已删除。</p>",
        sides=(), side_title="",
    ),
    status=404,
)  # fmt: skip


@cache
def replica() -> Replica:
    """Every page of the demonstration district. Pure: two processes build the same bytes."""
    made = Replica()
    add_areas(made, duty_items())
    files, _, talks = add_policies(made)
    add_platform(made)
    add_interaction(made)
    add_services(made)
    add_media(made)
    add_portal(made, files, talks)
    add_faults(made)
    add_endings(made)
    add_subsites(made)
    add_lookalikes(made)
    add_zones(made)
    add_offsite(made)
    add_assets(
        made,
        [p.number for p in POLICIES if p.talk],
        {p.number for p in POLICIES if p.talk and p.talk.phone == "picture"},
    )
    made.add(AGRI, "/script/jpage.js", jpage_script)
    return made
