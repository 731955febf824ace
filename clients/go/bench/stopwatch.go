package main

import (
	"syscall"
	"time"
)

// stopwatch measures the time and the CPU time that pass.
type stopwatch struct {
	began    time.Time
	cpuBegan time.Duration
}

func startWatch() stopwatch { return stopwatch{time.Now(), cpuTime()} }

func (s stopwatch) since() time.Duration { return time.Since(s.began) }

// counted returns what was done until now.
func (s stopwatch) counted(operations int) counted {
	cpu := cpuTime() - s.cpuBegan
	return counted{Operations: operations, Seconds: s.since().Seconds(), CPUSeconds: cpu.Seconds()}
}

// cpuTime is that of this process, user and system.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
