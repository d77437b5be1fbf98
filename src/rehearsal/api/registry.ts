import { fleetLaunchActions } from '../actions/fleet-launch.ts';
import { fleetActions } from '../actions/fleets.ts';
import { identityActions } from '../actions/identity.ts';
import { imageActions } from '../actions/images.ts';
import { instanceControlActions } from '../actions/instance-control.ts';
import { instanceLaunchActions } from '../actions/instance-launch.ts';
import { instanceListingActions } from '../actions/instance-listing.ts';
import { instanceTypeActions } from '../actions/instance-types.ts';
import { keyPairActions } from '../actions/key-pairs.ts';
import { launchTemplateActions } from '../actions/launch-templates.ts';
import { networkActions } from '../actions/network.ts';
import { regionActions } from '../actions/regions.ts';
import { securityGroupRuleActions } from '../actions/security-group-rules.ts';
import { securityGroupActions } from '../actions/security-groups.ts';
import { spotPriceActions } from '../actions/spot-prices.ts';
import { spotRequestActions } from '../actions/spot-requests.ts';
import { tagActions } from '../actions/tags.ts';
import { volumeActions } from '../actions/volumes.ts';
import type { Actions } from './action.ts';

/** Every action of EC2 that the rehearsal cloud has: an entry in its family's file is all that a new one needs. */
export const ec2Actions: Actions = {
  ...fleetActions,
  ...fleetLaunchActions,
  ...imageActions,
  ...instanceControlActions,
  ...instanceLaunchActions,
  ...instanceListingActions,
  ...instanceTypeActions,
  ...keyPairActions,
  ...launchTemplateActions,
  ...networkActions,
  ...regionActions,
  ...securityGroupActions,
  ...securityGroupRuleActions,
  ...spotPriceActions,
  ...spotRequestActions,
  ...tagActions,
  ...volumeActions,
};

/** Every action of STS. */
export const stsActions: Actions = identityActions;
