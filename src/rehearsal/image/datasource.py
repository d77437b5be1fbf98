"""cloud-init's own Ec2 datasource, told what it cannot see from inside a container.

On EC2 the firmware tables say "ec2…", from which cloud-init concludes that tokens (IMDSv2) are in order; a
container shows the tables of its host, which cloud-init rightly does not read. And the network is already up
when a container starts, so there is no DHCP to do before the metadata can be read.
Found by `datasource_pkg_list` in 99-spot-rehearsal.cfg.
"""

from cloudinit import sources
from cloudinit.sources import DataSourceEc2


class DataSourceEc2Local(DataSourceEc2.DataSourceEc2Local):
    perform_dhcp_setup = False

    def _get_cloud_name(self):
        return DataSourceEc2.CloudNames.AWS


datasources = [(DataSourceEc2Local, (sources.DEP_FILESYSTEM,))]


def get_datasource_list(depends):
    return sources.list_from_depends(depends, datasources)
