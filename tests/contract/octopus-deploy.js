// What a pipeline does with octopus-deploy: a package of the files in a folder is pushed, released and deployed.
"use strict";
const deploy = require("octopus-deploy");
const { octopack, publish } = require("octopus-deploy/lib/commands/octo-pack");
const { createReleaseAndDeploy, promoteRelease } = require("octopus-deploy/lib/commands/create-release");
const ensureSpace = require("octopus-deploy/lib/commands/ensure-space-set");

const [folder, space, project, packageName, from, to] = process.argv.slice(2);

(async () => {
    deploy.initializeApi({ host: process.env.SERVER, apiKey: process.env.KEY });
    await ensureSpace.execute(space);
    process.chdir(folder);
    const contents = await octopack(["./*.txt"], { base: "./", zip: true });
    const named = { name: packageName, version: "3.1.0", extension: "zip", contents: contents.value };
    const pushed = await publish(named);
    const again = await publish({ ...named, replace: true });
    const twice = await publish(named);
    const release = { projectSlugOrId: project, version: "3.1.0", releaseNotes: "From a pipeline" };
    const first = await createReleaseAndDeploy(release, { environmentName: from, comments: "as told", variables: {} });
    const second = await promoteRelease(release, { environmentName: to, comments: "promoted", variables: {} });
    const processes = await deploy.octopusApi.machines.findAll();
    console.log(
        JSON.stringify({
            pushed: pushed.valueOrDefault(null),
            again: again.valueOrDefault(null),
            twice: twice.valueOrDefault(null),
            first: first.valueOrDefault(null),
            second: second.valueOrDefault(null),
            machines: processes.length,
        }),
    );
})().catch((error) => {
    console.error(error && error.stack ? error.stack : error);
    process.exit(1);
});
