using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Injection;

/// <summary>A fault that met something.</summary>
/// <param name="Planned">As it was planned.</param>
/// <param name="Begun">When, from the beginning of the run's log.</param>
/// <param name="Ended">When it was over: for what an engine was told to do, when it had done it.</param>
/// <param name="Target">What it met.</param>
/// <param name="Windows">How many windows may be sampled twice for it.</param>
internal sealed record InjectedFault(PlannedFault Planned, TimeSpan Begun, TimeSpan Ended, string Target, int Windows);
