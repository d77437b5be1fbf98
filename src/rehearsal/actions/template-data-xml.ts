import type { Parameters } from '../api/parameters.ts';
import type { XmlObject } from '../api/xml.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html */
export function templateDataXml(data: Parameters): XmlObject {
  const metadata = data.group('MetadataOptions');
  const market = data.group('InstanceMarketOptions');
  return {
    imageId: data.text('ImageId'),
    instanceType: data.text('InstanceType'),
    keyName: data.text('KeyName'),
    userData: data.text('UserData'),
    securityGroupIdSet: data.texts('SecurityGroupId'),
    securityGroupSet: data.texts('SecurityGroup'),
    blockDeviceMappingSet: data.groups('BlockDeviceMapping').map((mapping) => {
      const ebs = mapping.group('Ebs');
      return {
        deviceName: mapping.text('DeviceName'),
        ebs: {
          volumeSize: ebs.text('VolumeSize'),
          volumeType: ebs.text('VolumeType'),
          encrypted: ebs.text('Encrypted'),
          deleteOnTermination: ebs.text('DeleteOnTermination'),
        },
      };
    }),
    networkInterfaceSet: data.groups('NetworkInterface').map((each) => ({
      deviceIndex: each.text('DeviceIndex'),
      subnetId: each.text('SubnetId'),
      groupSet: each.texts('SecurityGroupId'),
      associatePublicIpAddress: each.text('AssociatePublicIpAddress'),
    })),
    instanceMarketOptions: market.isEmpty
      ? undefined
      : {
          marketType: market.text('MarketType'),
          spotOptions: { maxPrice: market.group('SpotOptions').text('MaxPrice') },
        },
    metadataOptions: metadata.isEmpty
      ? undefined
      : {
          httpTokens: metadata.text('HttpTokens'),
          httpEndpoint: metadata.text('HttpEndpoint'),
          httpPutResponseHopLimit: metadata.text('HttpPutResponseHopLimit'),
          instanceMetadataTags: metadata.text('InstanceMetadataTags'),
        },
    instanceInitiatedShutdownBehavior: data.text('InstanceInitiatedShutdownBehavior'),
    tagSpecificationSet: data.groups('TagSpecification').map((specification) => ({
      resourceType: specification.text('ResourceType'),
      tagSet: specification.groups('Tag').map((tag) => ({ key: tag.text('Key'), value: tag.text('Value') })),
    })),
  };
}
