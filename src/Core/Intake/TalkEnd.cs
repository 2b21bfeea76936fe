using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Intake;

/// <summary>How a talk ended.</summary>
/// <param name="Id">The talk's id.</param>
/// <param name="Status">Completed, failed or cancelled.</param>
/// <param name="Video">Where the video is; empty when there is none.</param>
/// <param name="Error">Why there is none.</param>
public sealed record TalkEnd(string Id, TalkStatus Status, IReadOnlyList<string> Video, TalkError? Error);
