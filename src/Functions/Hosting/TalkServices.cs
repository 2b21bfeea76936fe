using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Api.Callers;
using WanTalk.Api.Events;
using WanTalk.Api.Preflights;
using WanTalk.Api.RunPod;
using WanTalk.Api.Streaming;
using WanTalk.Api.Talks;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Intake;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Preflight;
using WanTalk.Core.Quotes;
using WanTalk.Core.Records;
using WanTalk.Core.Retention;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;
using WanTalk.Functions.Orchestration;

namespace WanTalk.Functions.Hosting;

/// <summary>What functions work with. Durable Task's client is bound to each call, so what needs it is made for the call.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="records">What is on record.</param>
/// <param name="rules">How orchestrations wait.</param>
/// <param name="messages">How messages become talks.</param>
/// <param name="requests">What the operator decides about requests.</param>
/// <param name="retention">How long ended talks are kept.</param>
/// <param name="webhooks">How webhooks are signed.</param>
/// <param name="runPod">How RunPod's contract is answered.</param>
/// <param name="quotes">Says what talks would take.</param>
/// <param name="uploads">The callers' uploads.</param>
/// <param name="prices">What GPUs cost.</param>
/// <param name="events">How talks are watched.</param>
/// <param name="index">Who owns which talk.</param>
/// <param name="callers">Knows the callers, and turns exceptions into problems.</param>
/// <param name="time">The clock.</param>
/// <param name="lifetime">Tells when the worker stops.</param>
/// <param name="logging">The logs.</param>
public sealed class TalkServices(
    IArtifactStore store,
    IRecordStore records,
    WaitRules rules,
    MessageIntakeOptions messages,
    RequestOptions requests,
    RetentionOptions retention,
    WebhookOptions webhooks,
    RunPodOptions runPod,
    TalkQuotes quotes,
    OwnedUploads uploads,
    GpuPrices prices,
    EventOptions events,
    TalkIndex index,
    CallerGuard callers,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILoggerFactory logging)
{
    /// <summary>The answers of the API.</summary>
    public TalkHandlers HandlersFor(DurableTaskClient client) =>
        new(TalksOf(new DurableOrchestrations(client)), store, requests, quotes, uploads, time, callers);

    /// <summary>What looks at inputs before there is a talk.</summary>
    public PreflightHandlers PreflightsFor(DurableTaskClient client) => new(
        new OwnedPreflights(store, records, new DurableOrchestrations(client), rules, new PreflightLimits(), time), requests, uploads, time, callers);

    /// <summary>What lets callers watch their talks.</summary>
    public EventHandlers EventsFor(DurableTaskClient client) =>
        new(TalksOf(new DurableOrchestrations(client)), events, callers, time, lifetime, logging.CreateLogger<EventHandlers>());

    /// <summary>What hands out portraits.</summary>
    public PortraitHandlers PortraitsFor(DurableTaskClient client) => new(TalksOf(new DurableOrchestrations(client)), store, callers);

    /// <summary>What hands out the files of streams.</summary>
    public StreamHandlers StreamsFor(DurableTaskClient client) => new(TalksOf(new DurableOrchestrations(client)), store, callers);

    /// <summary>The answers of RunPod's contract.</summary>
    public RunPodHandlers RunPodFor(DurableTaskClient client)
    {
        var orchestrations = new DurableOrchestrations(client);
        var talks = TalksOf(orchestrations);
        return new RunPodHandlers(
            new RunPodJobs(talks, store, orchestrations, requests, uploads, time), new RunPodQueue(orchestrations, talks, store, index, time), runPod,
            callers);
    }

    /// <summary>What makes talks of messages.</summary>
    public TalkMessageHandler MessagesFor(DurableTaskClient client) =>
        new(new TalkIntake(store, new DurableOrchestrations(client), rules, webhooks), messages, requests, time);

    /// <summary>What deletes talks whose time is over.</summary>
    public TalkRetention RetentionFor(DurableTaskClient client) => new(store, new DurableOrchestrations(client), index, retention, time);

    /// <summary>What deletes preflights whose time is over.</summary>
    public PreflightRetention PreflightRetentionFor(DurableTaskClient client) => new(store, records, new DurableOrchestrations(client), time);

    private OwnedTalks TalksOf(DurableOrchestrations orchestrations) => new(
        new TalkIntake(store, orchestrations, rules, webhooks),
        new TalkControl(store, orchestrations, rules, time),
        new TalkReader(store, orchestrations, prices),
        index,
        time);
}
