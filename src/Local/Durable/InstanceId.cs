namespace WanTalk.Local.Durable;

/// <summary>The ids that every host takes.</summary>
internal static class InstanceId
{
    private const int MaxLength = 100;

    /// <summary>Throws an <see cref="ArgumentException"/> for an id that Durable Task would refuse.</summary>
    public static void ThrowIfInvalid(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (instanceId.Length > MaxLength || instanceId.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
        {
            throw new ArgumentException(
                $"An instance id has at most {MaxLength} characters, none of / \\ # ? or a control character.", nameof(instanceId));
        }
    }
}
