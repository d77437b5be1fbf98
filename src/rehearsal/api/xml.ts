import { XMLBuilder } from 'fast-xml-parser';

/** A list becomes `<item>` elements, a date ISO 8601; what is undefined is left out. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | XmlObject;
export interface XmlObject {
  readonly [name: string]: XmlValue;
}

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** An XML document with one root element that has a namespace. */
export function renderXml(root: string, namespace: string, content: XmlObject): string {
  const body = { [root]: { '@_xmlns': namespace, ...renderable(content) } };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(body)}`;
}

/** The error document of EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export function renderEc2Error(code: string, message: string, requestId: string): string {
  const content = { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId } };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(content)}`;
}

/** The error document of STS: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export function renderStsError(code: string, message: string, requestId: string): string {
  return renderXml('ErrorResponse', 'https://sts.amazonaws.com/doc/2011-06-15/', {
    Error: { Type: 'Sender', Code: code, Message: message },
    RequestId: requestId,
  });
}

function renderable(content: XmlObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(content)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, renderableValue(value)]),
  );
}

function renderableValue(value: XmlValue): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { item: value.map(renderableValue) };
  if (typeof value === 'object') return renderable(value as XmlObject);
  return String(value);
}
