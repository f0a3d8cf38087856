// What a pipeline does with @octopusdeploy/api-client. `node api-client.js WHAT` prints one JSON document.
"use strict";
const {
    BuildInformationRepository,
    Client,
    DeploymentProcessRepository,
    DeploymentRepository,
    EnvironmentRepository,
    LifecycleRepository,
    OverwriteMode,
    PackageRepository,
    ProjectGroupRepository,
    ProjectRepository,
    ReleaseRepository,
    ServerTaskWaiter,
    SpaceRepository,
    SpaceServerTaskRepository,
    ZipPackageBuilder,
    userGetCurrent,
} = require("@octopusdeploy/api-client");
const { FeedRepository } = require("@octopusdeploy/api-client/dist/features/feeds");

const [what, spaceName, folder] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const version = "1.4.2";

const script = (body, more = {}) => ({
    Id: "",
    Name: "Say",
    ActionType: "Octopus.Script",
    Properties: {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    },
    ...more,
});

const step = (name, action) => ({
    Id: "",
    Name: name,
    Condition: "Success",
    StartTrigger: "StartAfterPrevious",
    PackageRequirement: "LetOctopusDecide",
    Properties: { "Octopus.Action.TargetRoles": "web" },
    Actions: [{ ...action, Name: name }],
});

const packageStep = (feed) => ({
    Id: "",
    ActionType: "Octopus.TentaclePackage",
    Properties: {
        "Octopus.Action.EnabledFeatures": "Octopus.Features.CustomScripts",
        "Octopus.Action.Package.PackageId": "web",
        "Octopus.Action.Package.FeedId": feed,
        "Octopus.Action.Package.DownloadOnTentacle": "False",
        "Octopus.Action.CustomScripts.PostDeploy.sh": `echo "unpacked: $(cat hello.txt)"`,
    },
    Packages: [{ Name: "", PackageId: "web", FeedId: feed, AcquisitionLocation: "Server", Properties: {} }],
});

async function makeProject(client, name, steps) {
    const groups = await new ProjectGroupRepository(client, spaceName).list({ take: 1 });
    const lifecycles = await new LifecycleRepository(client, spaceName).list({ partialName: "Default" });
    const project = await new ProjectRepository(client, spaceName).create({
        Name: name,
        Description: "made by a client",
        ProjectGroupId: groups.Items[0].Id,
        LifecycleId: lifecycles.Items[0].Id,
    });
    const processes = new DeploymentProcessRepository(client, spaceName);
    const process = await processes.get(project);
    const saved = await processes.update(project, { ...process, Steps: steps });
    return { project, saved };
}

async function prepare(client) {
    const me = await userGetCurrent(client);
    const space = await new SpaceRepository(client).create({
        Name: spaceName,
        SpaceManagersTeams: [],
        SpaceManagersTeamMembers: [me.Id],
        IsDefault: false,
    });
    const environments = new EnvironmentRepository(client, spaceName);
    const dev = await environments.create({ Name: "Dev", AllowDynamicInfrastructure: true });
    const test = await environments.create({ Name: "Test" });
    await environments.modify({ ...test, Description: "for testers" });
    const described = await environments.get(test.Id);
    await environments.sort([test.Id, dev.Id]);
    const listed = await environments.list({ take: 1 });
    return { space, dev, test: described, listed };
}

async function packages(client) {
    const made = await new ZipPackageBuilder().pack({
        packageId: "web",
        version,
        basePath: folder,
        inputFilePatterns: ["**/*.txt"],
        outputFolder: folder,
        overwrite: true,
        logger: quiet,
    });
    const repository = new PackageRepository(client, spaceName);
    const file = `${folder}/${made}`;
    await repository.push([file]);
    const refused = await repository.push([file]).then(() => "", String);
    await repository.push([file], OverwriteMode.IgnoreIfExists);
    await repository.push([file], OverwriteMode.OverwriteExisting);
    const information = {
        spaceName,
        BuildEnvironment: "Pipeline",
        BuildNumber: "288",
        BuildUrl: "https://ci.example/288",
        Branch: "main",
        VcsType: "Git",
        VcsRoot: "https://git.example/web.git",
        VcsCommitNumber: "314cf2c3ee916c92a7092",
        Packages: [{ Id: "web", Version: version }],
        Commits: [{ Id: "314cf2c3ee916c92a7092", Comment: "Serve faster" }],
    };
    const builds = new BuildInformationRepository(client, spaceName);
    await builds.push(information);
    const twice = await builds.push(information).then(() => "", String);
    await builds.push(information, OverwriteMode.OverwriteExisting);
    const listed = await repository.list({ filter: "web" });
    const one = await repository.get(listed.Items[0].Id);
    return { refused, twice, listed, one };
}

async function deploy(client) {
    const feeds = await new FeedRepository(client, spaceName).list({ feedType: "BuiltIn" });
    const steps = [step("Unpack", packageStep(feeds.Items[0].Id)), step("Say", script("echo \"to #{Octopus.Environment.Name}\""))];
    const { project, saved } = await makeProject(client, "Web", steps);
    const releases = new ReleaseRepository(client, spaceName);
    const created = await releases.create({ spaceName, ProjectName: "Web", ReleaseVersion: "2.0.1", PackageVersion: version });
    const again = { spaceName, ProjectName: "Web", ReleaseVersion: "2.0.1", PackageVersion: version };
    const ignored = await releases.create({ ...again, IgnoreIfAlreadyExists: true });
    const refused = await releases.create(again).then(() => "", String);
    const release = await releases.get(created.ReleaseId);
    const answer = await new DeploymentRepository(client, spaceName).create({
        spaceName,
        ProjectName: "Web",
        ReleaseVersion: "2.0.1",
        EnvironmentNames: ["Dev", "Test"],
    });
    const ids = answer.DeploymentServerTasks.map((one) => one.ServerTaskId);
    const seen = new Set();
    const waiter = new ServerTaskWaiter(client, spaceName);
    const tasks = await waiter.waitForServerTasksToComplete(ids, 200, 60000, (task) => seen.add(task.State));
    const repository = new SpaceServerTaskRepository(client, spaceName);
    const raw = await Promise.all(ids.map((id) => repository.getRaw(id)));
    const details = await repository.getDetails(ids[0]);
    const deployment = await new DeploymentRepository(client, spaceName).get(answer.DeploymentServerTasks[0].DeploymentId);
    const listed = await releases.listForProject(project.Id, { searchByVersion: "2.0.1" });
    return { project, saved, created, ignored, refused, release, tasks, raw, details, deployment, listed, seen: [...seen] };
}

async function cancel(client) {
    await makeProject(client, "Long", [step("Sleep", script("echo asleep; sleep 300"))]);
    await new ReleaseRepository(client, spaceName).create({ spaceName, ProjectName: "Long" });
    const answer = await new DeploymentRepository(client, spaceName).create({
        spaceName,
        ProjectName: "Long",
        ReleaseVersion: "0.0.1",
        EnvironmentNames: ["Dev"],
    });
    const id = answer.DeploymentServerTasks[0].ServerTaskId;
    const repository = new SpaceServerTaskRepository(client, spaceName);
    while (!(await repository.getRaw(id)).includes("asleep")) await new Promise((done) => setTimeout(done, 100));
    const waiter = new ServerTaskWaiter(client, spaceName);
    const timedOut = await waiter.waitForServerTaskToComplete(id, 100, 500, undefined, true).then(() => "", String);
    const began = Date.now();
    const task = await waiter.waitForServerTaskToComplete(id, 100, 200000);
    const unknown = await waiter.waitForServerTasksToComplete(["ServerTasks-987654"], 100, 1000).then(() => "", String);
    return { timedOut, task, milliseconds: Date.now() - began, unknown };
}

(async () => {
    const configuration = { userAgentApp: "contract", apiKey: process.env.KEY, instanceURL: process.env.SERVER };
    const client = await Client.create(configuration);
    const told = await { prepare, packages, deploy, cancel }[what](client);
    console.log(JSON.stringify(told));
})().catch((error) => {
    console.error(error && error.stack ? error.stack : error, JSON.stringify(error));
    process.exit(1);
});
