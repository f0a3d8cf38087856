// What a build does with @octopusdeploy/octopackjs: packs a folder as tar.gz and as zip and pushes both.
"use strict";
const fs = require("fs");
const octo = require("@octopusdeploy/octopackjs");

const [folder, spaceId] = process.argv.slice(2);

const asked = (call) => new Promise((done, fail) => call((error, data) => (error ? fail(error) : done(data))));

function pack(type, version) {
    const packed = octo.pack(type, { id: "Sample.Web", version });
    packed.append("hello.txt", `${folder}/hello.txt`);
    packed.append("data/note.txt", Buffer.from("from memory"));
    return asked((done) => packed.toFile(folder, done));
}

const push = (file, options) =>
    asked((done) => octo.push(file, { host: process.env.SERVER, apikey: process.env.KEY, ...options }, done));

(async () => {
    const tar = await pack("targz", "4.0.0");
    const zip = await pack("zip", "4.0.1");
    const first = await push(tar.path, { spaceId });
    const refused = await push(tar.path, { spaceId }).catch((error) => ({ status: error.statusCode, body: error.body }));
    const replaced = await push(tar.path, { spaceId, replace: true });
    const streamed = await push(fs.createReadStream(zip.path), { spaceId, name: "Sample.Web.4.0.1.zip" });
    const unscoped = await push(zip.path, { replace: true });
    console.log(JSON.stringify({ first, refused, replaced, streamed, unscoped }));
})().catch((error) => {
    console.error(error && error.stack ? error.stack : JSON.stringify({ status: error.statusCode, body: error.body }));
    process.exit(1);
});
