// Makes the calls that standard input lists, with the vendor's client, and tells what came of each.
'use strict';

const { ROAClient } = require('@alicloud/pop-core');

async function outcome(call) {
  const client = new ROAClient({
    endpoint: call.url,
    apiVersion: '2018-11-11',
    accessKeyId: call.key,
    accessKeySecret: call.secret,
  });
  try {
    const answer = await client.get(call.path, call.query, { accept: call.accept });
    // Ids are beyond what a number of JavaScript holds; its parser keeps them as objects.
    return { answer: JSON.parse(JSON.stringify(answer, (_, each) => each)) };
  } catch (error) {
    return { error: { code: error.code, status: error.statusCode, message: error.message } };
  } finally {
    client.keepAliveAgent.destroy();
  }
}

async function main() {
  let text = '';
  for await (const part of process.stdin) text += part;
  const outcomes = [];
  for (const call of JSON.parse(text)) outcomes.push(await outcome(call));
  process.stdout.write(JSON.stringify(outcomes));
}

main();
