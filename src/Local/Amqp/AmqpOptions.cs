namespace WanTalk.Local.Amqp;

/// <summary>How messages are taken from a broker.</summary>
internal sealed record AmqpOptions
{
    /// <summary>How many messages are here at the same time, those that wait for their next try included. Default 10; 1 to 1000.</summary>
    public int Credit { get; init; } = 10;

    /// <summary>After how many deliveries that came to nothing a message is rejected with the last reason. Default 10; 1 to 1000.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>The pause before a message is given back for its second try, in seconds; it doubles from try to try. Default 1; 0 to 60.</summary>
    public double FirstPauseSeconds { get; init; } = 1;

    /// <summary>
    /// The longest pause, in seconds: with the defaults the ten tries take two and a half minutes. Default 30; 0 to 3600. It is also the
    /// longest one between two tries to reach a broker that is away.
    /// </summary>
    public double LongestPauseSeconds { get; init; } = 30;

    /// <summary>
    /// How long a broker may be silent before it counts as gone, in seconds: it is asked to give a sign in half that time. Default 30; 1 to
    /// 600.
    /// </summary>
    public double IdleSeconds { get; init; } = 30;

    /// <summary>How long a broker may take to be connected to, to answer, and to take a reply, in seconds. Default 15; 0.1 to 120.</summary>
    public double AnswerSeconds { get; init; } = 15;

    /// <summary>Looks whether the settings are usable.</summary>
    /// <exception cref="ArgumentException">One is not; the message names it and its range.</exception>
    public void Check()
    {
        Check(nameof(Credit), Credit, 1, 1000);
        Check(nameof(MaxDeliveries), MaxDeliveries, 1, 1000);
        Check(nameof(FirstPauseSeconds), FirstPauseSeconds, 0, 60);
        Check(nameof(LongestPauseSeconds), LongestPauseSeconds, 0, 3600);
        Check(nameof(IdleSeconds), IdleSeconds, 1, 600);
        Check(nameof(AnswerSeconds), AnswerSeconds, 0.1, 120);
    }

    private static void Check(string name, double value, double least, double most)
    {
        // Written so that NaN is outside every range.
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it has to be {least} to {most}."));
        }
    }
}
