using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Intake;
using WanTalk.Functions.Hosting;

namespace WanTalk.Functions.Messages;

/// <summary>Takes talks from Service Bus.</summary>
public sealed class TalkQueue(TalkServices services, TimeProvider time, ILogger<TalkQueue> logger)
{
    /// <summary>The queue.</summary>
    public const string Name = "talks";

    /// <summary>The setting, or the beginning of the settings, that say how Service Bus is reached.</summary>
    public const string Connection = "ServiceBus";

    private const int LongestPauseSeconds = 60;

    // Service Bus takes 4,096 characters of each.
    private const int MostReasonCharacters = 4_000;

    /// <summary>Handles a message and settles it: what it leads to is decided in Core.</summary>
    [Function(nameof(TalkQueue))]
    public async Task RunAsync(
        [ServiceBusTrigger(Name, Connection = Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var asked = new TalkMessage(Name, message.MessageId, message.Body.ToMemory(), message.ReplyTo, message.CorrelationId);
        var verdict = await services.MessagesFor(client).HandleAsync(asked, cancellationToken);
        switch (verdict.Action)
        {
            case MessageAction.Complete:
                logger.LogInformation("The message {Message} is the talk {Talk}", message.MessageId, verdict.Talk);
                await actions.CompleteMessageAsync(message, cancellationToken);
                break;
            case MessageAction.DeadLetter:
                logger.LogWarning("The message {Message} is put aside: {Reason}", message.MessageId, verdict.Error);
                var code = Core.Errors.ErrorCatalog.Name(verdict.Error!.Code);
                await actions.DeadLetterMessageAsync(message, null, code, Cut(verdict.Error.Message), cancellationToken);
                break;
            default:
                // An abandoned message comes back at once; without a pause all its deliveries would be spent on one short failure.
                logger.LogError("The message {Message} is tried again later: {Reason}", message.MessageId, verdict.Error);
                await Task.Delay(PauseAfter(message.DeliveryCount), time, cancellationToken);
                await actions.AbandonMessageAsync(message, null, cancellationToken);
                break;
        }
    }

    private static TimeSpan PauseAfter(int deliveries) => TimeSpan.FromSeconds(Math.Min(LongestPauseSeconds, Math.Pow(2, Math.Clamp(deliveries, 0, 10))));

    private static string Cut(string text) => text.Length <= MostReasonCharacters ? text : text[..MostReasonCharacters];
}
